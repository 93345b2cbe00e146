/** Short trainings of `npm run interop`: each loss, optimizer, schedule, metric and option, and layers that training treats. */
import { exampleOf } from '../../src/language/schema.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { scheduleTable } from '../../src/parts/schedules/table.ts'
import { yamlText } from '../../src/source/edits.ts'
import { makeCase, type InteropCase } from './networkCases.ts'

/** What differs from a network of two dense layers that learns three classes. */
interface Change {
  readonly layers?: string
  readonly head?: string
  readonly data?: string
  readonly optimizer?: string
  readonly loss?: string
  readonly metrics?: string
  readonly training?: string
  /** Further sections. */
  readonly sections?: string
  readonly epochs?: number
  /** The number of training samples. */
  readonly train?: number
}

/** Synthetic samples in their order, for two epochs of four steps; the last batch is smaller. */
function trainingSpec(change: Change): string {
  return `name: net
dataset: { synthetic: { train: ${change.train ?? 30}, test: 8, ${change.data ?? 'shape: [6], classes: 3'} } }
layers:
${change.layers ?? '  - dense: { units: 8, activation: tanh }'}
  - dense: { ${change.head ?? 'units: 3, activation: softmax'} }
optimizer: ${change.optimizer ?? 'sgd'}
loss: ${change.loss ?? 'categoricalCrossentropy'}
metrics: [${change.metrics ?? ''}]
training: { epochs: ${change.epochs ?? 2}, batchSize: 8, seed: 3, shuffle: false${change.training === undefined ? '' : `, ${change.training}`} }
${change.sections ?? ''}
`
}

const twoClasses = 'shape: [6], classes: 2'
const values = 'shape: [6], labels: values'
const image = 'shape: [8, 7, 2], classes: 3'
const sequence = 'shape: [5, 2], classes: 3'

/** What a loss needs of the last layer and the labels, if it does not take three classes. */
const lossNeeds: Readonly<Record<string, Change>> = {
  binaryCrossentropy: { head: 'units: 1, activation: sigmoid', data: twoClasses },
  hinge: { head: 'units: 1, activation: tanh', data: twoClasses },
  squaredHinge: { head: 'units: 1, activation: tanh', data: twoClasses },
  meanAbsolutePercentageError: { head: 'units: 1', data: values },
  meanSquaredLogarithmicError: { head: 'units: 1, activation: softplus', data: values },
  poisson: { head: 'units: 1, activation: softplus', data: values },
}

const losses: readonly Change[] = [
  ...Object.keys(lossTable).flatMap((loss) => [
    { loss, ...lossNeeds[loss] },
    { loss, head: 'units: 3, activation: sigmoid' },
  ]),
  ...['meanSquaredError', 'huberLoss', 'logcosh', 'meanAbsoluteError'].map((loss) => ({
    loss,
    head: 'units: 1',
    data: values,
  })),
  { loss: '{ categoricalCrossentropy: { labelSmoothing: 0.1 } }' },
  { loss: '{ binaryCrossentropy: { labelSmoothing: 0.1 } }', head: 'units: 3, activation: sigmoid' },
  { loss: '{ binaryCrossentropy: { fromLogits: true, labelSmoothing: 0.2 } }', head: 'units: 1', data: twoClasses },
  { loss: '{ categoricalCrossentropy: { fromLogits: true } }', head: 'units: 3' },
  { loss: '{ sparseCategoricalCrossentropy: { fromLogits: true } }', head: 'units: 3' },
]

const optimizers = [
  ...Object.keys(optimizerTable),
  '{ momentum: { useNesterov: true } }',
  '{ adam: { learningRate: 0.01, epsilon: 0.001, beta1: 0.8 } }',
  '{ adamax: { decay: 0.1 } }',
  '{ rmsprop: { centered: true, momentum: 0.5 } }',
]

const schedules = [
  ...Object.entries(scheduleTable).map(([type, { schema, example }]) => ({ [type]: example ?? exampleOf(schema) })),
  { constant: { warmup: 1 } },
  { multiStep: { at: [1] } },
  { cosine: { warmup: 0.5 } },
  { polynomial: { power: 2 } },
]

const metrics: readonly Change[] = [
  {
    ...lossNeeds['binaryCrossentropy'],
    loss: 'binaryCrossentropy',
    metrics: 'accuracy, precision, recall, binaryAccuracy',
  },
  { metrics: 'accuracy, categoricalAccuracy, { topKCategoricalAccuracy: { k: 2 } }, precision, meanSquaredError' },
  { loss: 'meanSquaredError', head: 'units: 1', data: values, metrics: 'r2Score, logcosh' },
]

const options = [
  'clipNorm: 0.1',
  'clipValue: 0.01',
  'weightDecay: 0.1',
  'gradientAccumulation: 2',
  'gradientAccumulation: 2, weightDecay: 0.01, clipNorm: 1, schedule: cosine',
  'gradientAccumulation: 3',
  'clipNorm: 0.1, clipValue: 0.02',
  'classWeights: balanced',
  'classWeights: { 0: 2, 1: 0.5 }',
  'validationSplit: 0.2',
  'validationSplit: 0.2, stratified: true',
  'callbacks: [csvLog, terminateOnNaN, { checkpoint: { keep: best, monitor: loss } }, { reduceOnPlateau: { monitor: loss, patience: 1, minDelta: 10 } }]',
  'validationSplit: 0.2, callbacks: [{ earlyStopping: { restoreBestWeights: true } }]',
]

/** The rate of the last epochs is one that the callback lowered, down to the smallest one. */
const plateau =
  'schedule: cosine, callbacks: [{ reduceOnPlateau: { monitor: loss, patience: 1, factor: 0.5, minDelta: 10, minLearningRate: 0.0001 } }]'

const sections = "learningRates: { dense: 0.1, '*_1': 3 }"

const rates: readonly (readonly [name: string, change: Change])[] = [
  ...Object.keys(optimizerTable).map((optimizer) => [`rates of ${optimizer}`, { optimizer, sections }] as const),
  ['rates with weightDecay', { optimizer: 'adam', sections, training: 'weightDecay: 0.05, schedule: cosine' }],
]

const convolution =
  '  - conv2d: { filters: 4, kernelSize: 3, padding: same, activation: relu }\n  - batchNormalization\n  - flatten'

const sigmoid = 'units: 4, recurrentActivation: sigmoid'

/** Recurrent layers that PyTorch has as well, with the options that it has. */
const recurrent = [
  `  - lstm: { ${sigmoid}, returnSequences: true, unitForgetBias: true }\n  - gru: { ${sigmoid}, resetAfter: true }`,
  `  - simpleRNN: { units: 4, activation: relu, goBackwards: true, returnSequences: true, kernelConstraint: nonNeg }\n  - rnn: { cell: { lstmCell: { ${sigmoid}, useBias: false } } }`,
  `  - bidirectional: { layer: { gru: { ${sigmoid}, resetAfter: true, returnSequences: true } } }\n  - bidirectional: { layer: { lstm: { ${sigmoid}, kernelConstraint: unitNorm } }, mergeMode: mul }`,
  `  - gru: { ${sigmoid}, resetAfter: true, biasInitializer: ones, recurrentConstraint: { maxNorm: { maxValue: 0.5 } } }`,
]

const layers: readonly (Change & { readonly layers: string })[] = [
  { layers: '  - dense: { units: 8, biasInitializer: ones, kernelRegularizer: l2, biasRegularizer: l1 }' },
  { layers: '  - dense: { units: 8, activityRegularizer: { l1l2: { l1: 0.1, l2: 0.05 } } }' },
  { layers: '  - dense: { units: 8, kernelConstraint: { maxNorm: { maxValue: 0.5 } }, biasConstraint: nonNeg }' },
  { layers: '  - dense: { units: 8, kernelConstraint: unitNorm }' },
  { layers: '  - dense: { units: 8, kernelConstraint: { minMaxNorm: { minValue: 0.6, rate: 0.5, axis: 1 } } }' },
  { layers: '  - dense: { units: 8, trainable: false, kernelRegularizer: l2 }' },
  { layers: '  - batchNormalization: { momentum: 0.9 }' },
  { layers: '  - layerNormalization' },
  { layers: '  - dense: { units: 8 }\n  - prelu' },
  { layers: convolution, data: image },
  { layers: convolution.replace('batchNormalization', 'batchNormalization: { trainable: false }'), data: image },
  { layers: '  - lstm: { units: 4, returnSequences: true }\n  - gru: { units: 4 }', data: sequence },
  { layers: '  - masking\n  - bidirectional: { layer: { lstm: { units: 4 } } }', data: sequence },
  {
    layers:
      '  - bidirectional: { layer: { lstm: { units: 4, kernelRegularizer: l2, returnSequences: true } } }\n  - gru: { units: 4, recurrentRegularizer: l1, biasRegularizer: l2 }',
    data: sequence,
  },
  {
    layers:
      '  - dense: { units: 8 }\n  - dense: { name: twice, units: 8, kernelRegularizer: l2 }\n  - apply: { layer: twice }',
  },
  {
    layers: `${twoInputs('[6]')}
  - dense: { name: a, units: 4, inputs: left }
  - dense: { name: b, units: 4, inputs: right }
  - add: { inputs: [a, b] }`,
    training: 'validationSplit: 0.2, classWeights: { 0: 2 }',
  },
  {
    layers: `${twoInputs('[8, 7, 2]')}
  - conv2d: { filters: 4, kernelSize: 3, inputs: left }
  - flatten: { name: seen }
  - flatten: { name: read, inputs: right }
  - concatenate: { inputs: [seen, read] }`,
    data: image,
  },
  ...recurrent.map((own) => ({ layers: own, data: sequence, training: 'weightDecay: 0.05' })),
]

function twoInputs(shape: string): string {
  return `  - input: { name: left, shape: ${shape} }\n  - input: { name: right, shape: ${shape} }`
}

const changes: Readonly<Record<string, readonly (readonly [name: string, change: Change])[]>> = {
  losses: losses.map((change) => [`${change.loss} of ${change.head ?? 'softmax'}`, change]),
  optimizers: optimizers.map((optimizer) => [optimizer, { optimizer }]),
  schedules: schedules
    .map(yamlText)
    .map((schedule) => [schedule, { training: `schedule: ${schedule}`, optimizer: 'momentum' }]),
  metrics: metrics.map((change) => [change.metrics!, change]),
  'options of training': [
    ...options.map((training) => [training, { training, metrics: 'accuracy', optimizer: 'adam' }] as const),
    ['a last batch of one sample', { train: 33 }],
    [plateau, { training: plateau, epochs: 5 }],
    [`gradientAccumulation: 3, ${plateau}`, { training: `gradientAccumulation: 3, ${plateau}`, epochs: 5 }],
  ],
  'rates of layers': rates,
  'layers that training treats': layers.map((change) => [
    change.layers.trim().replaceAll(/\s+/g, ' '),
    { ...change, optimizer: 'adam' },
  ]),
}

/** The cases of each group. */
export const trainingCases: Readonly<Record<string, () => InteropCase[]>> = Object.fromEntries(
  Object.entries(changes).map(([group, cases]) => [
    group,
    () => cases.flatMap(([name, change]) => makeCase({ group, name, text: trainingSpec(change), trains: true }) ?? []),
  ]),
)
