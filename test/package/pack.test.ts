/** The published package: packed, installed into an empty folder, and used there as a user would. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from '../cli/runCli.ts'
import { version } from '../../src/system/version.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const run = (cwd: string, command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })

describe('the package', () => {
  it('states the version that the code states', () => {
    expect((JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }).version).toBe(
      version,
    )
  })

  it('works after npm pack and an install into an empty folder', { timeout: 300_000 }, () => {
    const folder = temporaryFolder()
    run(repository, 'npm', 'pack', '--pack-destination', folder)
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'))
    writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true, "type": "module" }')
    run(
      folder,
      'npm',
      'install',
      `./${archive}`,
      '--ignore-scripts',
      '--omit=optional',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
    )

    expect(run(folder, 'npx', 'shapewright', 'init', 'mine')).toBe('wrote mine.yaml\n')
    expect(run(folder, 'npx', 'shapewright', 'check', 'mine.yaml')).toMatch(/6 layers, 50,186 parameters/)
    expect(run(folder, 'npx', 'shapewright', 'summary', 'mine.yaml')).toMatch(/Total params: +50,186/)
    run(folder, 'npx', 'shapewright', 'compile', 'mine.yaml', '-o', 'scripts')
    run(folder, 'npx', 'shapewright', 'compile', 'mine.yaml', '-o', 'scripts', '--target', 'keras')
    run(folder, 'npx', 'shapewright', 'compile', 'mine.yaml', '-o', 'scripts', '--target', 'pytorch')
    const scripts = readdirSync(join(folder, 'scripts'))
    expect(scripts).toEqual(expect.arrayContaining(['mine.ts', 'mine_keras.py', 'mine_pytorch.py']))
    // HDF5 is read in a thread, whose module is a file of its own.
    const model = join(repository, 'test/tasks/import/tiny.keras')
    expect(run(folder, 'npx', 'shapewright', 'import', model, '--out', '.')).toBe('tiny.yaml\ntiny.safetensors\n')

    writeFileSync(
      join(folder, 'use.js'),
      "import { check } from 'shapewright'\nconsole.log(check('name: 3').diagnostics.length)\n",
    )
    expect(Number(run(folder, process.execPath, 'use.js'))).toBeGreaterThan(0)
    const types = join(folder, 'node_modules', 'shapewright', 'dist', 'types', 'index.d.ts')
    expect(existsSync(types)).toBe(true)
  })
})
