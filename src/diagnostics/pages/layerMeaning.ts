/** The pages on layers that do not do what they are there for. */
import { spec, type PagesOf } from './page.ts'

export const layerMeaningPages = {
  'meaning/no-effect': {
    why: 'A layer that leaves everything as it is was meant to do something, or can go.',
    wrong: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, activation: relu }
        - maxPooling2d: { poolSize: 1 }
    `,
    right: spec`
      name: example
      input: { shape: [28, 28, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: 3, activation: relu }
        - maxPooling2d: { poolSize: 2 }
    `,
  },
  'meaning/repeated-activation': {
    why: 'Softmax and sigmoid make probabilities of sums of any sign. Behind a rectifier no sum is negative, and behind another of their kind all lie between 0 and 1: the network cannot be sure of anything then. Two rectifiers do no harm, but the second does nothing that the first has not done; that is a hint.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10, activation: relu }
        - softmax
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 10 }
        - softmax
      optimizer: sgd
      loss: categoricalCrossentropy
    `,
  },
  'meaning/hidden-softmax': {
    why: 'The values of a softmax sum to 1 in each sample, so that one that grows takes from all others, and most gradients die. It belongs at the end of a classifier, or where it weighs something that it is multiplied with, as attention does; there it gives no warning.',
    wrong: spec`
      name: example
      input: { shape: [16] }
      layers:
        - dense: { units: 64, activation: softmax }
        - dense: { units: 1 }
    `,
    right: spec`
      name: example
      input: { shape: [16] }
      layers:
        - dense: { units: 64, activation: relu }
        - dense: { units: 1 }
    `,
  },
  'meaning/final-rectifier': {
    why: 'A rectifier cuts every negative prediction to 0. Where it gives 0 its gradient is 0, too: a network that begins there never leaves.',
    wrong: spec`
      name: example
      input: { shape: [16] }
      layers:
        - dense: { units: 64, activation: relu }
        - dense: { units: 1, activation: relu }
      optimizer: adam
      loss: meanSquaredError
    `,
    right: spec`
      name: example
      input: { shape: [16] }
      layers:
        - dense: { units: 64, activation: relu }
        - dense: { units: 1 }
      optimizer: adam
      loss: meanSquaredError
    `,
    help: 'If no value may be negative, `softplus` keeps them so, and learns everywhere.',
  },
  'meaning/unread-mask': {
    why: 'A mask is there for recurrent layers, which keep their state where a step is marked. `flatten`, poolings and convolutions take the marked steps like all others, in TensorFlow.js, and lose the mask.',
    wrong: spec`
      name: example
      input: { shape: [20] }
      layers:
        - embedding: { inputDim: 1000, outputDim: 16, maskZero: true }
        - globalAveragePooling1d
        - dense: { units: 4, activation: softmax }
    `,
    right: spec`
      name: example
      input: { shape: [20] }
      layers:
        - embedding: { inputDim: 1000, outputDim: 16 }
        - globalAveragePooling1d
        - dense: { units: 4, activation: softmax }
    `,
  },
} satisfies Partial<PagesOf<'meaning'>>
