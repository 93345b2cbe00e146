/** PyTorch scripts: every part of the language has a form, and layers are written as users of PyTorch write them. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { callbackForms } from '../../src/backends/pytorch/callbacks.ts'
import { activationForms } from '../../src/backends/pytorch/layers/activations.ts'
import { layerForms } from '../../src/backends/pytorch/layers/table.ts'
import { lossForms, metricForms } from '../../src/backends/pytorch/objectives.ts'
import { constraintForms, optimizerForms } from '../../src/backends/pytorch/optimizers.ts'
import { initializerForms } from '../../src/backends/pytorch/printWeights.ts'
import { pytorchTarget } from '../../src/backends/pytorch/pytorchTarget.ts'
import { readLibrary } from '../../src/backends/python/pythonLibrary.ts'
import { snakeCase } from '../../src/backends/python/printLiteral.ts'
import { activationNames } from '../../src/language/activations.ts'
import { constraints } from '../../src/language/constraints.ts'
import { initializers } from '../../src/language/initializers.ts'
import { augmentationTable } from '../../src/parts/augmentations/table.ts'
import { callbackTable } from '../../src/parts/callbacks/table.ts'
import { layerTable } from '../../src/parts/layers/table.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { metricTable } from '../../src/parts/metrics/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { scheduleTable } from '../../src/parts/schedules/table.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'

const library = readLibrary(['python', 'pytorch'])
const inLibrary = (names: readonly string[], suffix = '') =>
  Object.fromEntries(names.filter((name) => library.has(`${snakeCase(name)}${suffix}`)).map((name) => [name, true]))

it.each<readonly [kind: string, table: object, forms: object]>([
  ['layer', layerTable, layerForms],
  ['activation', Object.fromEntries(activationNames.map((name) => [name, true])), activationForms],
  ['loss', lossTable, lossForms],
  ['metric', metricTable, { ...metricForms, ...lossForms }],
  ['optimizer', optimizerTable, optimizerForms],
  ['initializer', initializers, initializerForms],
  ['constraint', constraints, constraintForms],
  ['callback', callbackTable, callbackForms],
  ['schedule', scheduleTable, inLibrary(Object.keys(scheduleTable), '_schedule')],
  ['augmentation', augmentationTable, inLibrary(Object.keys(augmentationTable))],
])('has a form for every %s', (_kind, table, forms) => {
  expect(Object.keys(table).filter((name) => !Object.hasOwn(forms, name))).toEqual([])
})

function compile(layers: string, shape: string): { readonly script: string; readonly problems: readonly string[] } {
  const text = `name: net\ninput: { shape: ${shape} }\nlayers:\n${layers}`
  const analysis = checkText(text, 'net.yaml')
  const program = lowerGraph(analysis.spec, analysis.shaped)
  const problems = pytorchTarget.findProblems(analysis, program).map(({ message }) => message)
  if (problems.length > 0) return { script: '', problems }
  const origin = { specFile: 'net.yaml', specText: text, version: '0' }
  return { script: pytorchTarget.print(analysis, program, origin).text, problems }
}

describe('the network', () => {
  it.each<readonly [shape: string, layers: string, wanted: string]>([
    ['[8, 8, 3]', '  - conv2d: { filters: 4, kernelSize: 3, padding: same }', 'nn.Conv2d(3, 4, 3, padding="same"),'],
    // TensorFlow pads an odd number of rows by one more at the end.
    ['[8, 8, 3]', '  - conv2d: { filters: 4, kernelSize: 3, strides: 2, padding: same }', 'nn.ZeroPad2d((0, 1, 0, 1))'],
    [
      '[7, 7, 3]',
      '  - conv2d: { filters: 4, kernelSize: 3, strides: 2, padding: same }',
      'nn.Conv2d(3, 4, 3, stride=2, padding=1)',
    ],
    ['[8, 8, 3]', '  - maxPooling2d: { poolSize: 3, strides: 2, padding: same }', 'nn.MaxPool2d(3, 2, ceil_mode=True)'],
    [
      '[8, 8, 3]',
      '  - averagePooling2d: { poolSize: 5, strides: 2, padding: same }',
      'nn.AvgPool2d(5, 2, padding=1, ceil_mode=True, count_include_pad=False)',
    ],
    ['[4, 4, 3]', '  - maxPooling2d\n  - flatten\n  - softmax', 'ChannelsLast(),'],
    [
      '[4, 4, 3]',
      '  - maxPooling2d\n  - flatten\n  - dense: { units: 2 }',
      'nn.Flatten(),  # 12\n        nn.Linear(12, 2)',
    ],
    ['[4]', '  - dense: { units: 2, activation: softmax }', 'nn.Softmax(dim=-1)'],
    ['[4]', '  - dense: { name: b, units: 4 }\n  - add: { inputs: [b, input] }', 'x = x + inputs'],
    ['[4, 4, 3]', '  - batchNormalization: { momentum: 0.9 }', 'BatchNorm(3, eps=0.001, momentum=0.1)'],
    ['[9]', '  - embedding: { inputDim: 5, outputDim: 3, maskZero: true }\n  - lstm: { units: 2 }', 'mask = x != 0'],
    [
      '[9, 3]',
      '  - lstm: { units: 2, recurrentActivation: sigmoid }',
      'StepOutputs(nn.LSTM(3, 2, batch_first=True)),  # 2',
    ],
    ['[9, 3]', '  - lstm: { units: 2 }', 'Recurrent(LSTMCell(3, 2)),'],
    ['[9, 3]', '  - gru: { units: 2, recurrentActivation: sigmoid }', 'Recurrent(GRUCell(3, 2,'],
    ['[9, 3]', '  - masking\n  - simpleRNN: { units: 2 }', 'Recurrent(SimpleCell(3, 2))'],
    ['[9, 3]', '  - simpleRNN: { units: 2, dropout: 0.5 }', 'Recurrent(SimpleCell(3, 2, dropout=0.5))'],
    ['[4]', '  - dense: { name: train, units: 2, trainable: false }', 'nn.Linear(4, 2).requires_grad_(False)'],
  ])('of %s %s', (shape, layers, wanted) => {
    expect(compile(layers, shape).script).toContain(wanted)
  })

  it('is refused where TensorFlow.js trains otherwise', () => {
    const { problems } = compile('  - timeDistributed: { layer: batchNormalization }', '[4, 3]')
    expect(problems).toEqual([
      '`timeDistributed`: TensorFlow.js normalizes each step by itself, and updates the statistics once for each step',
    ])
  })
})
