import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScriptFolder, importScript, variants } from './variants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = createScriptFolder()
const paths = new Map<string, string>()
beforeAll(async () => {
  for (const [name, variant] of Object.entries(variants)) paths.set(name, await folder.compile(variant))
})
afterAll(() => folder.remove())

function run(command: string, args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', command), ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

describe('compiled scripts', () => {
  it('pass the compiler at its strictest', () => {
    const config = join(folder.path, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['*.ts'], exclude: [] }))
    expect(run('typescript/bin/tsc', ['-p', config])).toEqual({ status: 0, output: '' })
  })

  it('pass the linter', () => {
    // As in generated/: what a script exports has the names that the linked runtime calls its parameters by.
    const { status, output } = run('oxlint/bin/oxlint', ['--no-ignore', '-A', 'no-shadow', ...paths.values()])
    expect(output).toContain('Found 0 warnings and 0 errors.')
    expect(status).toBe(0)
  })

  it('run when they are started, and only then', async () => {
    const { status, output } = run('tsx/dist/cli.mjs', [paths.get('names')!, '--help'])
    expect(output).toContain('Trains names, evaluates it')
    expect(status).toBe(0)
    expect(Object.keys(await importScript(paths.get('names')!)).toSorted()).toEqual([
      'buildModel',
      'experiment',
      'train',
    ])
  })

  it('refuse wrong arguments', () => {
    expect(run('tsx/dist/cli.mjs', [paths.get('sparse')!, '--epoch', '3'])).toMatchObject({ status: 2 })
  })
})
