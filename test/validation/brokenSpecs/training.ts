/** Losses, metrics and learning rates that do not mean what the network and the labels do. */
import type { BrokenSpec } from './brokenSpec.ts'

/** A network without a dataset, which ends in `units` with an activation. */
const ends = (units: number, activation: string): Pick<BrokenSpec, 'dataset' | 'input' | 'layers'> => ({
  dataset: '',
  input: '{ shape: [8] }',
  layers: `
    - dense: { units: ${units}, activation: ${activation} }`,
})

const logits = `
    - flatten
    - dense: { units: 10 }`

/** A loss that wants another ending; the fix is of the last layer. */
const ending = (loss: string, units: number, activation: string, fixed?: string): BrokenSpec => ({
  title: `${loss} of ${units} units with ${activation}`,
  ...ends(units, activation),
  layers: `
    - dense: { units: ${units}, activation: ${activation} } # ✗ meaning/loss-activation`,
  loss,
  metrics: '',
  ...(fixed !== undefined && { fixed }),
})

const metric = (name: string, code: string, fixed?: string): BrokenSpec => ({
  title: `the metric ${name} of ten classes`,
  metrics: `[${name}] # ✗ ${code}`,
  ...(fixed !== undefined && { fixed }),
})

/** A metric of a network without a dataset. */
const metricOf = (
  name: string,
  loss: string,
  [units, activation]: [number, string],
  code: string,
  fixed?: string,
): BrokenSpec => ({
  title: `the metric ${name} beside ${loss} of ${units} with ${activation}`,
  ...ends(units, activation),
  loss,
  metrics: `[${name}] # ✗ ${code}`,
  ...(fixed !== undefined && { fixed }),
})

const rate = (optimizer: string, learningRate: number): BrokenSpec => ({
  title: `${optimizer} with a rate of ${learningRate}`,
  optimizer: `{ ${optimizer}: { learningRate: ${learningRate} } } # ✗ meaning/learning-rate`,
})

const loss = (name: string, code: string, fixed?: string): BrokenSpec => ({
  title: `${name} of ten classes`,
  loss: `${name} # ✗ ${code}`,
  ...(fixed !== undefined && { fixed }),
})

export const trainingRows: readonly BrokenSpec[] = [
  {
    title: 'a part for validation that leaves nothing to train on',
    training: '{ validationSplit: 0.99999 } # ✗ meaning/batch-exceeds-data',
  },
  // the loss against the labels
  loss('poisson', 'meaning/loss-labels', 'loss: categoricalCrossentropy'),
  loss('meanAbsolutePercentageError', 'meaning/loss-labels', 'loss: categoricalCrossentropy'),
  loss('meanSquaredLogarithmicError', 'meaning/loss-labels', 'loss: categoricalCrossentropy'),
  loss('hinge', 'meaning/loss-labels', 'loss: categoricalCrossentropy'),
  loss('meanAbsoluteError', 'meaning/unusual-loss', 'loss: categoricalCrossentropy'),
  loss('{ huberLoss: { delta: 2 } }', 'meaning/unusual-loss', 'loss: categoricalCrossentropy'),
  {
    title: 'binary loss on ten sigmoid units',
    layers: `
      - flatten
      - dense: { units: 10, activation: sigmoid }`,
    loss: 'binaryCrossentropy # ✗ meaning/unusual-loss',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'hinge loss on ten units',
    layers: logits,
    loss: 'hinge # ✗ meaning/unusual-loss',
    metrics: '[accuracy]',
    fixed: 'activation: softmax',
  },
  // the loss against the activation
  {
    title: 'logits and softmax',
    layers: `
      - flatten
      - dense: { units: 10, activation: softmax } # ✗ meaning/loss-activation`,
    loss: '{ categoricalCrossentropy: { fromLogits: true } }',
    fixed: 'activation: linear',
  },
  {
    title: 'logits and softmax, sparse',
    layers: `
      - flatten
      - dense: { units: 10, activation: softmax } # ✗ meaning/loss-activation`,
    loss: '{ sparseCategoricalCrossentropy: { fromLogits: true } }',
    fixed: 'activation: linear',
  },
  ending('binaryCrossentropy', 1, 'linear', 'activation: sigmoid'),
  ending('binaryCrossentropy', 1, 'tanh', 'activation: sigmoid'),
  ending('{ binaryCrossentropy: { fromLogits: true } }', 1, 'sigmoid', 'activation: linear'),
  ending('categoricalCrossentropy', 3, 'relu', 'activation: softmax'),
  ending('hinge', 1, 'sigmoid', 'activation: linear'),
  ending('squaredHinge', 1, 'relu', 'activation: linear'),
  ending('poisson', 1, 'linear', 'activation: softplus'),
  ending('kullbackLeiblerDivergence', 4, 'sigmoid', 'activation: softmax'),
  // metrics against the labels
  metric('binaryAccuracy', 'meaning/metric-misfit', '[accuracy]'),
  metric('meanAbsolutePercentageError', 'meaning/metric-misfit', '[accuracy]'),
  metric('{ topKCategoricalAccuracy: { k: 10 } }', 'meaning/metric-misfit'),
  metric('poisson', 'meaning/metric-misfit', '[accuracy]'),
  metric('r2Score', 'meaning/unusual-metric'),
  metric('meanSquaredError', 'meaning/unusual-metric'),
  metric('accuracy, accuracy', 'meaning/duplicate-metric'),
  metric('{ binaryAccuracy: { threshold: 0.9 } }', 'meaning/unusual-metric'),
  {
    title: 'a metric of probabilities beside logits',
    layers: logits,
    loss: '{ categoricalCrossentropy: { fromLogits: true } }',
    metrics: '[accuracy, categoricalCrossentropy] # ✗ meaning/metric-misfit',
    fixed: '[accuracy, { categoricalCrossentropy: { fromLogits: true } }]',
  },
  {
    title: 'precision of logits',
    layers: logits,
    loss: '{ categoricalCrossentropy: { fromLogits: true } }',
    metrics: '[precision] # ✗ meaning/metric-misfit',
  },
  // metrics against what the network ends in
  metricOf(
    'accuracy',
    '{ binaryCrossentropy: { fromLogits: true } }',
    [1, 'linear'],
    'meaning/metric-misfit',
    'binaryAccuracy: { threshold: 0 }',
  ),
  metricOf(
    'recall',
    '{ binaryCrossentropy: { fromLogits: true } }',
    [1, 'linear'],
    'meaning/metric-misfit',
    'recall: { threshold: 0 }',
  ),
  metricOf('binaryAccuracy', 'hinge', [1, 'tanh'], 'meaning/metric-misfit', 'binaryAccuracy: { threshold: 0 }'),
  metricOf(
    '{ binaryCrossentropy: { fromLogits: true } }',
    'binaryCrossentropy',
    [1, 'sigmoid'],
    'meaning/metric-misfit',
    '[binaryCrossentropy]',
  ),
  metricOf('categoricalAccuracy', 'binaryCrossentropy', [1, 'sigmoid'], 'meaning/metric-misfit'),
  metricOf('cosineProximity', 'meanSquaredError', [1, 'linear'], 'meaning/metric-misfit'),
  metricOf('topKCategoricalAccuracy', 'categoricalCrossentropy', [4, 'softmax'], 'meaning/metric-misfit'),
  metricOf('accuracy', 'meanSquaredError', [2, 'linear'], 'meaning/unusual-metric'),
  metricOf('r2Score', 'categoricalCrossentropy', [3, 'softmax'], 'meaning/unusual-metric'),
  // learning rates
  rate('sgd', 20),
  rate('adam', 1e-9),
  rate('adamax', 3),
  rate('adagrad', 1e-9),
  rate('adadelta', 1e-7),
  rate('momentum', 100),
  rate('rmsprop', 1),
]
