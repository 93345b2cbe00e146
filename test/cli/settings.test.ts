/** `--set` in the commands that take a spec: what they compute, and what they keep. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callCommand } from './callCommand.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const spec = `name: net
vars: { units: 8 }
dataset: { synthetic: { shape: [4], train: 32, test: 16, classes: 3 } }
layers: [{ dense: { units: $units, activation: relu } }, { dense: { units: 3, activation: softmax } }]
optimizer: sgd
loss: categoricalCrossentropy
training: { epochs: 1, batchSize: 16, seed: 1 }
`
const folder = temporaryFolder({ 'net.yaml': spec })
const run = (...args: string[]) => callCommand(args, { cwd: folder })

describe('--set', () => {
  it.each([
    [['summary', 'net.yaml', '--set', 'vars.units=5'], 0, '(batch, 5)'],
    [['expand', 'net.yaml', '--set', 'vars.units=5'], 0, 'dense: { units: 5, activation: relu }'],
    [['check', 'net.yaml', '--set', 'vars.units=5'], 0, '43 parameters'],
    [['check', 'net.yaml', '--set', 'vars.units=0'], 1, '--set:1:12'],
    [['check', 'net.yaml', '--set', 'training.epochs=0', '--format', 'github'], 1, 'file=--set,line=1'],
    [['check', 'net.yaml', '--set', 'training.epochs=0', '--format', 'sarif'], 1, '"uri": "--set"'],
    [['check', 'net.yaml', '--set', 'training.epochs=0', '--format', 'json'], 1, '"file": "--set"'],
  ])('%s', async (args, code, text) => {
    const result = await run(...args)
    expect(result.stdout).toContain(text)
    expect(result.code).toBe(code)
  })

  it('of something that is not there is wrong use', async () => {
    const { code, stderr } = await run('check', 'net.yaml', '--set', 'vars.unit=5')
    expect(stderr).toContain('the spec has no variable `unit`')
    expect(stderr).toContain('did you mean `vars.units`?')
    expect(code).toBe(2)
  })

  it('is in the header and the digest of a script', async () => {
    const compiled = async (...args: string[]) => {
      await run('compile', 'net.yaml', '-o', 'out', '--force', ...args)
      return readFileSync(join(folder, 'out', 'net.ts'), 'utf8')
    }
    const digest = (text: string) => /spec sha256 (\w+)/.exec(text)![1]
    const [plain, set] = [await compiled(), await compiled('--set', 'vars.units=5')]
    expect(set).toContain('npx shapewright compile net.yaml --set vars.units=5 ')
    expect(set).toContain('units: 5')
    expect(digest(set)).not.toBe(digest(plain))
  })

  it('is in the spec that a run keeps, and in the command that repeats it', async () => {
    const trained = await run('train', 'net.yaml', '--backend', 'cpu', '--set', 'vars.units=5', '--run', 'runs/a')
    expect(trained.code, trained.stderr).toBe(0)
    const kept = readFileSync(join(folder, 'runs/a/spec.yaml'), 'utf8')
    expect(kept).toContain('dense: { units: 5, activation: relu }')
    expect(kept).not.toContain('vars')
    expect(readFileSync(join(folder, 'runs/a/resolved.json'), 'utf8')).toContain('--set vars.units=5')
    expect((await run('evaluate', 'runs/a', '--backend', 'cpu')).code).toBe(0)
    const resumed = await run(
      'train',
      'net.yaml',
      '--set',
      'vars.units=5',
      '--run',
      'runs/a',
      '--epochs',
      '2',
      '--backend',
      'cpu',
    )
    expect(resumed.code, resumed.stderr).toBe(0)
    const changed = await run(
      'train',
      'net.yaml',
      '--set',
      'vars.units=6',
      '--run',
      'runs/a',
      '--epochs',
      '3',
      '--backend',
      'cpu',
    )
    expect(changed.stderr).toContain('the spec has changed')
    expect(changed.code).toBe(2)
  }, 120_000)
})
