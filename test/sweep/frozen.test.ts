/** Frozen specs of trials: they have no errors, mean the same as the base with the values of the trial, and lead to the same files. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { programOf } from '../../src/compile.ts'
import { hasErrors } from '../../src/diagnostics/diagnostic.ts'
import { yamlText } from '../../src/source/edits.ts'
import { relativePath } from '../../src/system/paths.ts'

const base = `name: net
dataset: mnist
vars: { width: 4, depth: 1, norm: batchNormalization }
blocks:
  unit:
    params: { filters: $width }
    layers:
      - conv2d: { filters: $filters, kernelSize: 3, padding: same }
      - $norm
      - reLU
layers:
  - repeat: { times: $depth, layers: [unit] }
  - flatten
  - dense: { name: head, units: 10, activation: softmax }
optimizer: { sgd: { learningRate: $(0.4 / width) } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 4, validationSplit: 0.1 }
`

/** Lists of values that a path may have. */
const lists: Readonly<Record<string, readonly unknown[]>> = {
  'vars.width': [4, 8, 12],
  'vars.depth': [0, 1, 3],
  'vars.norm': ['batchNormalization', 'layerNormalization', { dropout: { rate: 0.5 } }],
  optimizer: ['adam', { sgd: { learningRate: '$(1 / width)' } }, { rmsprop: { learningRate: 0.01 } }],
  'training.batchSize': [32, 64],
  'training.weightDecay': [0.1, 0.001],
  'training.schedule': [{ cosine: { minRate: 0 } }],
  'training.callbacks': [['terminateOnNaN'], [{ earlyStopping: { patience: 2 } }]],
  metrics: [['accuracy'], []],
}

const sweeps = fc
  .uniqueArray(fc.constantFrom(...Object.keys(lists)), { minLength: 1, maxLength: 3 })
  .map((paths) => Object.fromEntries(paths.map((path) => [path, lists[path]!])))

describe('a frozen trial', () => {
  it('has no errors, and is the base with its values', () => {
    fc.assert(
      fc.property(sweeps, fc.nat(), (grid, at) => {
        const { sweep } = checkText(`${base}sweep: { grid: ${yamlText(grid)} }\n`, 'net.yaml', { trials: true })
        const trial = sweep!.trials[at % sweep!.trials.length]!
        const settings = trial.values.map(({ path, value }) => `${path}=${yamlText(value)}`)
        const set = checkText(base, 'net.yaml', { settings })
        if (trial.spec === undefined) {
          expect(hasErrors(set.diagnostics)).toBe(true)
          return
        }
        const frozen = checkText(trial.spec, 'net.yaml')
        expect(frozen.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
        expect(programOf(frozen)).toEqual(programOf(set))
      }),
      { numRuns: 15, seed: 1 },
    )
  })

  it('is named after the base, says its values, and has no sweep', () => {
    const { sweep } = checkText(`${base}sweep: { grid: { vars.width: [8] } }\n`, 'net.yaml', { trials: true })
    expect(sweep!.trials[0]!.spec).toMatch(/^# A trial of a sweep, with these values:\n# vars.width: 8\nname: net\n/)
    expect(sweep!.trials[0]!.spec).not.toContain('sweep:')
  })

  it('does not depend on its number or the order of the sweep', () => {
    const specOf = (sweep: string, label: RegExp) =>
      checkText(`${base}sweep: ${sweep}\n`, 'net.yaml', { trials: true }).sweep!.trials.find((one) =>
        label.test(one.label),
      )!.spec
    const one = specOf('{ grid: { vars.width: [4, 8], training.batchSize: [32, 64] } }', /width=8 batchSize=64/)
    expect(specOf('{ grid: { training.batchSize: [16, 64], vars.width: [8] } }', /batchSize=64/)).toBe(one)
  })
})

describe('a relative path of a frozen trial', () => {
  const spec = (path: string) => `name: net
dataset: { imageFolder: { path: ${path}, size: [8, 8] } }
weights: { from: ${path} }
layers: [flatten, { dense: { units: 3 } }]
sweep: { grid: { training.batchSize: [8, 16] } }
`
  it.each([
    ['data/flowers', { from: '.', to: 'runs/net/trials/0001' }, '../../../../data/flowers'],
    ['../data', { from: 'specs', to: 'runs/net/trials/0001' }, '../../../../data'],
    ['data', { from: '/home/ann/project', to: '/home/ann/runs/net/trials/0001' }, '../../../../project/data'],
    ['/data', { from: '.', to: 'runs/net/trials/0001' }, '/data'],
  ])('%s starts at its folder', (path, frozen, expected) => {
    const { sweep } = checkText(spec(path), 'net.yaml', { trials: true, frozen })
    expect(sweep!.trials[0]!.spec).toContain(`path: ${yamlText(expected)},`)
    expect(sweep!.trials[0]!.spec).toContain(`weights: { from: ${yamlText(expected)} }`)
  })

  it.each([
    ['a/b', 'a/c', '../c'],
    ['a', 'a', '.'],
    ['.', 'a/b', 'a/b'],
    ['/a/b', '/a/b/c', 'c'],
    ['/a', '/b', '../b'],
    ['a/b', '/c', '/c'],
    ['../runs/x', 'data', 'data'],
  ])('from %s to %s is %s', (folder, path, expected) => {
    expect(relativePath(folder, path)).toBe(expected)
  })
})
