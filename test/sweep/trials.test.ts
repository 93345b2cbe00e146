/** What sweeps expand to: the order, the numbers, the values and the labels of their trials, and their states. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'

const base = `name: net
dataset: mnist
vars: { width: 16, depth: 1, kernel: 3, seed: 1 }
layers:
  - conv2d: { filters: $width, kernelSize: $kernel }
  - flatten
  - dense: { name: head, units: 10, activation: softmax }
optimizer: { sgd: { learningRate: 0.1 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 4, validationSplit: 0.1 }
`

const expand = (sweep: string, settings?: readonly string[]) => {
  const analysis = checkText(`${base}sweep: ${sweep}\n`, 'net.yaml', { trials: true, settings })
  const errors = analysis.diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors.map(({ message }) => message)).toEqual([])
  return analysis.sweep!
}

const labels = (sweep: string) => expand(sweep).trials.map(({ number, label }) => `${number}: ${label}`)

describe('the trials of a sweep', () => {
  it.each([
    [
      'a grid, the last key fastest',
      '{ grid: { vars.width: [8, 16], training.batchSize: [32, 64, 128] } }',
      [
        '1: width=8 batchSize=32',
        '2: width=8 batchSize=64',
        '3: width=8 batchSize=128',
        '4: width=16 batchSize=32',
        '5: width=16 batchSize=64',
        '6: width=16 batchSize=128',
      ],
    ],
    [
      'lists that go together',
      '{ zip: { training.epochs: [5, 10], training.batchSize: [32, 64] } }',
      ['1: epochs=5 batchSize=32', '2: epochs=10 batchSize=64'],
    ],
    [
      'cases, of which some leave a value as it is',
      '{ cases: [{ vars.width: 8 }, { vars.width: 12, loss: { huberLoss: { delta: 2 } } }] }',
      ['1: width=8', '2: width=12 loss=huberLoss(delta=2)'],
    ],
    [
      'cases, then zip, then grid, then samples',
      `{ sample: { count: 2, space: { vars.depth: { choice: [7] } } }, grid: { vars.kernel: [3, 5] },
         zip: { training.epochs: [5, 10] }, cases: [{ vars.width: 8 }, { vars.width: 12 }] }`,
      [
        '1: width=8 epochs=5 kernel=3 depth=7',
        '2: width=8 epochs=5 kernel=3 depth=7',
        '3: width=8 epochs=5 kernel=5 depth=7',
        '4: width=8 epochs=5 kernel=5 depth=7',
        '5: width=8 epochs=10 kernel=3 depth=7',
        '6: width=8 epochs=10 kernel=3 depth=7',
        '7: width=8 epochs=10 kernel=5 depth=7',
        '8: width=8 epochs=10 kernel=5 depth=7',
        '9: width=12 epochs=5 kernel=3 depth=7',
        '10: width=12 epochs=5 kernel=3 depth=7',
        '11: width=12 epochs=5 kernel=5 depth=7',
        '12: width=12 epochs=5 kernel=5 depth=7',
        '13: width=12 epochs=10 kernel=3 depth=7',
        '14: width=12 epochs=10 kernel=3 depth=7',
        '15: width=12 epochs=10 kernel=5 depth=7',
        '16: width=12 epochs=10 kernel=5 depth=7',
      ],
    ],
    [
      'whole parts',
      '{ grid: { optimizer: [adam, { sgd: { learningRate: 0.1 } }] } }',
      ['1: optimizer=adam', '2: optimizer=sgd(learningRate=0.1)'],
    ],
    [
      'a value that does not vary, which no label has',
      '{ grid: { vars.width: [8], vars.kernel: [3, 5] } }',
      ['1: kernel=3', '2: kernel=5'],
    ],
    [
      'a single trial, whose label has all values',
      '{ grid: { vars.width: [8], vars.kernel: [5] } }',
      ['1: width=8 kernel=5'],
    ],
    [
      'paths with equal ends, by as many keys as they need',
      '{ grid: { vars.seed: [1, 2], training.seed: [3, 4] } }',
      [
        '1: vars.seed=1 training.seed=3',
        '2: vars.seed=1 training.seed=4',
        '3: vars.seed=2 training.seed=3',
        '4: vars.seed=2 training.seed=4',
      ],
    ],
    ['a list', '{ grid: { vars.kernel: [3, [3, 5]] } }', ['1: kernel=3', '2: kernel=[3,5]']],
    ['notes', '{ x-why: tuning, grid: { x-note: 1, vars.width: [8, 9] } }', ['1: width=8', '2: width=9']],
  ])('%s', (_title, sweep, expected) => {
    expect(labels(sweep)).toEqual(expected)
  })

  it('are the same with values of the command line, which override those of trials', () => {
    const { trials } = expand('{ grid: { vars.width: [8, 16] } }', ['vars.width=4'])
    expect(trials.map(({ facts }) => facts.params)).toEqual([trials[0]!.facts.params, trials[0]!.facts.params])
    expect(trials[0]!.spec).toContain('filters: 4')
  })

  it('can be changed by values of the command line', () => {
    const { trials } = expand('{ sample: { count: 2, space: { vars.width: { int: [4, 9] } } } }', [
      'sweep.sample.count=5',
    ])
    expect(trials).toHaveLength(5)
  })
})

describe('the state of a trial', () => {
  it('is excluded by the condition, with its numbers', () => {
    const { trials } = expand('{ grid: { vars.width: [8, 64] }, where: $(params < 100000) }')
    expect(trials.map(({ state, reason }) => [state, reason])).toEqual([
      ['ready', undefined],
      ['excluded', 'params < 100000 (params is 433,290)'],
    ])
  })

  it('is infeasible if its check fails, with the first mistake and its line', () => {
    const { trials } = expand('{ grid: { vars.kernel: [3, 40] } }')
    expect(trials.map(({ state }) => state)).toEqual(['ready', 'infeasible'])
    expect(trials[1]!.reason).toContain('the 40x40 kernel exceeds its 28x28 input')
    expect(trials[1]!.reason).toContain('(shape/kernel-exceeds-input, line 5)')
    expect(trials[1]!.spec).toBeUndefined()
    expect(trials[1]!.facts.params).toBeNull()
  })

  it('is kept if the facts of the condition are unknown', () => {
    const text = base
      .replace('dataset: mnist', 'input: { shape: [null, null, 1] }')
      .replace('- flatten', '- globalAveragePooling2d')
    const sweep = 'sweep: { grid: { vars.width: [8, 64] }, where: $(flops < 5) }\n'
    const { sweep: expanded, diagnostics } = checkText(text + sweep, 'net.yaml', { trials: true })
    expect(expanded!.trials.map(({ state }) => state)).toEqual(['ready', 'ready'])
    expect(diagnostics.map(({ code }) => code)).toContain('sweep/unknown-fact')
  })

  it('is one diagnostic for all trials, at the value that is wrong', () => {
    const text = `${base}sweep: { grid: { vars.width: [8, 16, 24], vars.kernel: [3, 40] } }\n`
    const { diagnostics } = checkText(text, 'net.yaml', { trials: true })
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['sweep/infeasible', 'warning']])
    const [{ message, span, related }] = diagnostics as [(typeof diagnostics)[number]]
    expect(message).toMatch(/^3 of 6 trials are infeasible, the first with width=8 kernel=40: the 40x40 kernel/)
    expect(text.slice(span.start, span.end)).toBe('$kernel')
    expect(related.map((place) => text.slice(place.span.start, place.span.end))).toContain('40')
  })
})

describe('the objective', () => {
  it.each([
    ['the accuracy of the validation', base, { metric: 'val_accuracy', direction: 'maximize' }],
    [
      'the loss of the validation',
      base.replace('metrics: [accuracy]', ''),
      { metric: 'val_loss', direction: 'minimize' },
    ],
    ['the accuracy', base.replace(', validationSplit: 0.1', ''), { metric: 'accuracy', direction: 'maximize' }],
  ])('is %s by default', (_title, text, objective) => {
    const { sweep } = checkText(`${text}sweep: { grid: { vars.width: [8, 16] } }\n`, 'net.yaml', { trials: true })
    expect(sweep!.objective).toEqual(objective)
  })
})

describe('one trial', () => {
  it('is analyzed instead of the base', () => {
    const text = `${base}sweep: { grid: { vars.width: [8, 24] } }\n`
    const filters = [undefined, 1, 2].map((trial) => {
      const { shaped } = checkText(text, 'net.yaml', { trial })
      return shaped.nodes.find(({ name }) => name === 'conv2d')!.shape.at(-1)
    })
    expect(filters).toEqual([16, 8, 24])
  })

  it.each([
    [
      'a number that is too large',
      `${base}sweep: { grid: { vars.width: [8, 24] } }\n`,
      'has 2 trials, but --trial is 3',
    ],
    ['a spec without a sweep', base, 'has no `sweep`'],
  ])('is an error for %s', (_title, text, message) => {
    expect(() => checkText(text, 'net.yaml', { trial: 3 })).toThrow(message)
  })
})
