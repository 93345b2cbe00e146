/** The pages on data, network, loss and training that do not mean the same. */
import { callbackMeaningPages } from './callbackMeaning.ts'
import { dataMeaningPages } from './dataMeaning.ts'
import { layerMeaningPages } from './layerMeaning.ts'
import { scheduleMeaningPages } from './scheduleMeaning.ts'
import { spec, type PagesOf } from './page.ts'

const classifier = spec`
  name: example
  dataset: mnist
  layers:
    - flatten
    - dense: { units: 10, activation: softmax }
  optimizer: sgd
  loss: categoricalCrossentropy
`

export const meaningPages: PagesOf<'meaning'> = {
  ...dataMeaningPages,
  ...layerMeaningPages,
  ...callbackMeaningPages,
  ...scheduleMeaningPages,
  'meaning/input-shape': {
    why: 'The samples of the dataset cannot be given to a network that takes another shape.',
    wrong: spec`
      name: example
      dataset: mnist
      input: { shape: [32, 32, 3] }
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
    `,
    help: 'Leave the input out where a dataset gives it.',
  },
  'meaning/class-count': {
    why: 'The network gives one probability for each class. With fewer units than classes it would train without a word, and know nothing of the classes that are left over.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 5, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
    right: classifier,
  },
  'meaning/loss-activation': {
    why: 'A loss is defined for probabilities, for logits, or for values of one sign. On other values it trains all the same, towards nothing.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10 }
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
    right: classifier,
    help: '`softmax` makes probabilities of classes that exclude each other, `sigmoid` of such that do not. With `fromLogits: true` a cross-entropy makes them itself, and the last layer has no activation.',
  },
  'meaning/loss-labels': {
    why: 'Each loss is made for one kind of label: one of several classes, yes or no, or a value.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: poisson
    `,
    right: classifier,
  },
  'meaning/unusual-loss': {
    why: 'The labels become ones and zeros, of which squared differences or answers yes or no can be computed. It trains, but the cross-entropy of classes learns faster and gives probabilities that add up to 1.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: meanSquaredError
    `,
    right: classifier,
    help: 'Where it is meant, silence it: `ignore: [meaning/unusual-loss]`.',
  },
  'meaning/metric-misfit': {
    why: 'The number that is reported would say nothing: it is always the same, or takes logits for probabilities.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      metrics: [meanAbsolutePercentageError]
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      metrics: [accuracy]
    `,
    help: '`accuracy` counts right classes. Of one unit without an activation, `binaryAccuracy: { threshold: 0 }` counts right answers.',
  },
  'meaning/unusual-metric': {
    why: 'Labels of classes are compared as ones and zeros, nearly all of which are zeros: the number looks good for a network that knows nothing.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      metrics: [meanAbsoluteError]
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      metrics: [accuracy]
    `,
  },
  'meaning/duplicate-metric': {
    why: 'Metrics are reported and kept under their names, so that of two with one name one would be lost.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      metrics: [accuracy, accuracy]
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
      metrics: [accuracy]
    `,
  },
  'meaning/single-softmax': {
    why: 'Softmax divides each value by the sum of all. A single one divided by itself is 1, whatever the network learns.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 1, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
    right: classifier,
  },
  'meaning/output-rank': {
    why: 'A class is compared with one vector of probabilities a sample, and the network gives a sequence or an image of them.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
    right: classifier,
  },
  'meaning/over-budget': {
    why: 'The spec says what the network may cost, and it costs more. `params` counts the parameters of all layers; `memory` is what a training step of one batch holds, 4 · (weights + trained weights · (1 + optimizer slots) + 2 · values · batchSize) bytes, where the values are those of all layers’ outputs for one sample, each with its gradient; `flops` are the operations of the forward pass of one sample. The layers that cost most are told with their shares.',
    wrong: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - flatten
        - dense: { units: 512, activation: relu }
        - dense: { units: 10, activation: softmax }
      budget: { params: 100000, memory: 64MB }
    `,
    right: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - flatten
        - dense: { units: 64, activation: relu }
        - dense: { units: 10, activation: softmax }
      budget: { params: 100000, memory: 64MB }
    `,
  },
  'meaning/unjudged-budget': {
    why: 'A size that is `null` is known only at run time, and so is what the layers behind it hold and compute. What is known is within the budget; whether the whole is, nobody can say before the run.',
    wrong: spec`
      name: example
      input: { shape: [null, 16] }
      layers:
        - gru: { units: 32 }
        - dense: { units: 1 }
      budget: { memory: 8MB }
    `,
    right: spec`
      name: example
      input: { shape: [100, 16] }
      layers:
        - gru: { units: 32 }
        - dense: { units: 1 }
      budget: { memory: 8MB }
    `,
    help: '`params` can always be judged. To leave the rest to the run, silence it: `ignore: [meaning/unjudged-budget]`.',
  },
  'meaning/batch-exceeds-data': {
    why: 'No batch of that size can be made of the samples that are there, less those held out for validation.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      training: { batchSize: 100000 }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      training: { batchSize: 128 }
    `,
  },
  'meaning/learning-rate': {
    why: 'With too large a rate each step overshoots, and the loss grows until it is no number; with too small a one the weights stay where they are. Some networks bear more than others, so this is a warning.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { adam: { learningRate: 3 } }
      loss: categoricalCrossentropy
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
      optimizer: { adam: { learningRate: 0.003 } }
      loss: categoricalCrossentropy
    `,
  },
  'meaning/dropout-before-output': {
    why: 'Dropout sets values to zero at random while training. Behind the last layer these are the predictions themselves.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax }
        - dropout: { rate: 0.5 }
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dropout: { rate: 0.5 }
        - dense: { units: 10, activation: softmax }
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
  },
  'meaning/redundant-bias': {
    why: 'Batch normalization takes the mean of each channel away, and with it any bias that was added before. The bias costs memory and time, and learns nothing.',
    wrong: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3 }
        - batchNormalization
    `,
    right: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, useBias: false }
        - batchNormalization
    `,
    help: 'To keep a published architecture to the letter, silence it: `ignore: [meaning/redundant-bias]`.',
  },
  'meaning/nothing-to-train': {
    why: 'Training changes weights, and no layer has any that may change.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: softmax, trainable: false }
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
    right: classifier,
  },
  'meaning/needless-ignore': {
    why: 'An entry that silences nothing today hides a mistake that is made tomorrow.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 2 }
      ignore: [meaning/redundant-bias]
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 2 }
    `,
  },
}
