/** Specs side by side: what is told of two that differ in one thing. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { plainPalette } from '../../../src/diagnostics/renderPretty.ts'
import { compareModels } from '../../../src/report/diff/compareModels.ts'
import { modelFacts } from '../../../src/report/diff/modelFacts.ts'
import { renderDiff, summarizeChanges } from '../../../src/report/diff/renderDiff.ts'

const spec = `name: net
dataset: mnist
layers:
  - conv2d: { filters: 8, kernelSize: 3, padding: same, activation: relu }
  - maxPooling2d: { poolSize: 2 }
  - conv2d: { filters: 8, kernelSize: 3, activation: relu }
  - flatten
  - dense: { name: head, units: 10, activation: softmax }
optimizer: { sgd: { learningRate: 0.01 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 5, seed: 1 }
`
const factsOf = (text: string, label = 'net.yaml', results = {}) => {
  const analysis = checkText(text, label)
  return modelFacts(label, analysis, analysis.spec, results)
}
const compare = (changed: string) => compareModels(factsOf(spec), factsOf(changed))

interface Row {
  readonly what: string
  readonly from: string
  readonly to: string
  readonly told: string
}

const rows: readonly Row[] = [
  {
    what: 'another option',
    from: 'filters: 8, kernelSize: 3, padding',
    to: 'filters: 16, kernelSize: 5, padding',
    told: 'conv2d filters 8→16, conv2d kernelSize 3→5',
  },
  { what: 'an added layer', from: '  - flatten\n', to: '  - dropout: { rate: 0.5 }\n  - flatten\n', told: '+dropout' },
  { what: 'a removed layer', from: '  - maxPooling2d: { poolSize: 2 }\n', to: '', told: '-maxPooling2d' },
  {
    what: 'a layer put before its like, which is numbered anew',
    from: '  - conv2d: { filters: 8, kernelSize: 3, activation: relu }\n',
    to: '  - conv2d: { filters: 4, kernelSize: 1 }\n  - conv2d: { filters: 8, kernelSize: 3, activation: relu }\n',
    told: '+conv2d_1',
  },
  { what: 'another type', from: 'maxPooling2d', to: 'averagePooling2d', told: '-maxPooling2d, +averagePooling2d' },
  { what: 'an option that becomes its default', from: ', padding: same', to: '', told: 'conv2d -padding' },
  { what: 'another name', from: 'name: head', to: 'name: answer', told: 'answer name head→answer' },
  { what: 'an option of the optimizer', from: '0.01', to: '0.1', told: 'learningRate 0.01→0.1' },
  {
    what: 'another optimizer',
    from: 'sgd: { learningRate: 0.01 }',
    to: 'adam: { learningRate: 0.01 }',
    told: 'optimizer sgd→adam, +beta1 0.9, +beta2 0.999, +epsilon 1e-7',
  },
  { what: 'another dataset', from: 'dataset: mnist', to: 'dataset: fashionMnist', told: 'dataset mnist→fashionMnist' },
  { what: 'training', from: 'epochs: 5', to: 'epochs: 9, shuffle: false', told: 'epochs 5→9, shuffle true→false' },
  {
    what: 'metrics',
    from: '[accuracy]',
    to: '[accuracy, { topKCategoricalAccuracy: { k: 3 } }]',
    told: 'all ["accuracy"]→["accuracy",{"topKCategoricalAccuracy":{"k":3}}]',
  },
]

describe('the difference of two specs', () => {
  it.each(rows)('$what: $told', ({ from, to, told }) => {
    expect(spec).toContain(from)
    const comparison = compare(spec.replace(from, to))
    expect(summarizeChanges(comparison)).toBe(told)
    expect(comparison.differs).toBe(true)
  })

  it('is empty between equal specs, however they are written', () => {
    const rewritten = spec
      .replace('filters: 8, kernelSize: 3, padding: same', 'padding: same, strides: 1, kernelSize: 3, filters: 8')
      .replace('  - flatten\n', '  - flatten: {}\n')
    expect(rewritten).not.toBe(spec)
    const same = compare(`# a note\n${rewritten}`)
    expect(same).toMatchObject({ differs: false, layers: [], settings: [] })
  })

  it('is short in a table', () => {
    const comparison = compare(
      spec.replaceAll('filters: 8', 'filters: 9').replace('5', '6').replace('0.01', '1').replace('seed: 1', 'seed: 2'),
    )
    expect(summarizeChanges(comparison)).toBe(
      'conv2d filters 8→9, conv2d_1 filters 8→9, learningRate 0.01→1, epochs 5→6, 1 more',
    )
  })

  it('as text has every layer that it touches, with shapes and parameters, and the results of runs', () => {
    const wider = spec.replace('filters: 8, kernelSize: 3, padding', 'filters: 16, kernelSize: 3, padding')
    const changed = wider
      .replace('  - flatten\n', '  - dropout: { rate: 0.5 }\n  - flatten\n')
      .replace('epochs: 5', 'epochs: 9')
    const before = factsOf(spec, 'runs/a', { 'test accuracy': 0.95, 'test loss': 0.2 })
    const after = factsOf(changed, 'runs/b', { 'test accuracy': 0.96, 'test loss': 0.1 })
    expect(renderDiff(compareModels(before, after), plainPalette)).toBe(`runs/a → runs/b

Layers
~  conv2d        filters 8 → 16  28x28x8 → 28x28x16  80 → 160
~  maxPooling2d                  14x14x8 → 14x14x16  0
~  conv2d_1                      12x12x8             584 → 1,160
+  dropout       rate 0.5        12x12x8             0

Network
~  parameters  12,194 → 12,850 (+5.4%)
~  operations  308,096 → 594,304 (+92.9%)

Settings
~  training.epochs  5 → 9

Results
   test accuracy  95.00% → 96.00% (+1.00 points)
   test loss      0.2000 → 0.1000 (-0.1000)
`)
  })

  it('as text says so if it is empty', () => {
    expect(renderDiff(compare(spec), plainPalette)).toBe('net.yaml → net.yaml\n\nThe specs are equal.\n')
  })
})
