/** `sweep --plan`, and `--trial` in the commands that take a spec. */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
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
const folder = temporaryFolder({
  'net.yaml': spec,
  'swept.yaml': `${spec}sweep: { grid: { vars.units: [5, 6, 0] } }\n`,
})
const run = (...args: string[]) => callCommand(args, { cwd: folder })

describe('a spec with a sweep', () => {
  it.each([
    [['sweep', 'swept.yaml', '--plan'], 0, '3 trials: 2 ready, 1 infeasible'],
    [['sweep', 'swept.yaml', '--plan', '--format', 'json'], 0, '"ready": 2'],
    [['sweep', 'swept.yaml', '--plan', '--set', 'training.epochs=7'], 0, 'epochs: 14 in all'],
    [['summary', 'swept.yaml'], 0, '(batch, 8)'],
    [['summary', 'swept.yaml', '--trial', '1'], 0, '(batch, 5)'],
    [['expand', 'swept.yaml', '--trial', '2'], 0, 'dense: { units: 6, activation: relu }'],
    [['check', 'swept.yaml'], 0, '1 of 3 trials is infeasible'],
  ])('%s', async (args, code, text) => {
    const result = await run(...args)
    expect(result.stdout + result.stderr).toContain(text)
    expect(result.code).toBe(code)
    expect(existsSync(join(folder, 'runs'))).toBe(false)
  })

  it.each([
    [['summary', 'swept.yaml', '--trial', '4'], 2, 'has 3 trials, but --trial is 4'],
    [['summary', 'swept.yaml', '--trial', '3'], 1, '`units` is 0, but must be at least 1'],
    [['summary', 'net.yaml', '--trial', '1'], 2, 'has no `sweep`'],
    [['sweep', 'net.yaml', '--plan'], 2, 'has no section `sweep`'],
  ])('%s fails', async (args, code, text) => {
    const result = await run(...args)
    expect(result.stderr).toContain(text)
    expect(result.code).toBe(code)
  })
})

describe('a trial', () => {
  it('is trained and compiled instead of the base', async () => {
    const trained = await run('train', 'swept.yaml', '--trial', '2', '--out', 'trained', '--backend', 'wasm')
    expect(trained).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'trained', 'net', 'spec.yaml'), 'utf8')).toContain('units: 6')
    expect(await run('compile', 'swept.yaml', '--trial', '1', '--out-dir', 'scripts')).toMatchObject({ code: 0 })
    expect(readFileSync(join(folder, 'scripts', 'net.ts'), 'utf8')).toContain('units: 5')
  })

  it('is frozen by sweep --freeze, which trains nothing', async () => {
    const { code, stdout } = await run('sweep', 'swept.yaml', '--freeze', '--out', 'frozen')
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join('frozen', 'net')}\n` })
    const sweep = join(folder, 'frozen', 'net')
    expect(readdirSync(sweep).toSorted()).toEqual(['spec.yaml', 'sweep.json', 'trials'])
    expect(readdirSync(join(sweep, 'trials')).toSorted()).toEqual(['0001', '0002'])
    expect(readFileSync(join(sweep, 'trials', '0001', 'spec.yaml'), 'utf8')).toContain('units: 5')
    expect(existsSync(join(sweep, 'trials', '0001', 'metrics.jsonl'))).toBe(false)
    rmSync(sweep, { recursive: true })
  })
})
