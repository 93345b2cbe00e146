/** The pages on layers that do not do what they are there for. */
import { spec, type PagesOf } from './page.ts'

export const layerMeaningPages = {
  'meaning/dropout-rate': {
    why: '`rate` is the part of the values that is dropped. In TensorFlow 1, `keep_prob` was the part that is kept, and its numbers still go round.',
    wrong: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 128, activation: relu }
        - dropout: { rate: 0.9 }
        - dense: { units: 10, activation: softmax }
    `,
    right: spec`
      name: example
      dataset: mnist
      layers:
        - flatten
        - dense: { units: 128, activation: relu }
        - dropout: { rate: 0.1 }
        - dense: { units: 10, activation: softmax }
    `,
    help: 'Where so much is to be dropped, silence it: `ignore: [meaning/dropout-rate]`.',
  },
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
  'meaning/receptive-field': {
    why: 'A global pooling takes the mean of what each position saw. If no position sees half of the image, the network counts small patterns, and never sees how they lie to each other. What a position sees grows by (kernel - 1) · jump in each layer, and the jump is the product of all strides before (Araujo, Norris and Sim, 2019, distill.pub/2019/computing-receptive-fields).',
    wrong: spec`
      name: example
      input: { shape: [224, 224, 3] }
      layers:
        - conv2d: { filters: 32, kernelSize: 3, strides: 2, activation: relu }
        - conv2d: { filters: 64, kernelSize: 3, strides: 2, activation: relu }
        - globalAveragePooling2d
        - dense: { units: 10, activation: softmax }
    `,
    right: spec`
      name: example
      input: { shape: [224, 224, 3] }
      layers:
        - conv2d: { filters: 32, kernelSize: 7, strides: 4, activation: relu }
        - conv2d: { filters: 64, kernelSize: 5, strides: 4, activation: relu }
        - conv2d: { filters: 128, kernelSize: 5, strides: 2, activation: relu }
        - conv2d: { filters: 128, kernelSize: 3, activation: relu }
        - globalAveragePooling2d
        - dense: { units: 10, activation: softmax }
    `,
    help: 'Textures may well be told by small patterns; then silence it. `flatten` and `dense` see all positions at once and give no warning.',
  },
  'meaning/constant-kernel': {
    why: 'Where all weights begin equal, all units of a layer compute the same and are changed in the same way. At 0 before `relu` nothing is changed at all.',
    wrong: spec`
      name: example
      input: { shape: [16] }
      layers:
        - dense: { units: 64, activation: relu, kernelInitializer: zeros }
        - dense: { units: 1 }
    `,
    right: spec`
      name: example
      input: { shape: [16] }
      layers:
        - dense: { units: 64, activation: relu, kernelInitializer: heNormal }
        - dense: { units: 1 }
    `,
  },
  'meaning/linear-stack': {
    why: 'A weighted sum of weighted sums is a weighted sum: without an activation between them, two dense layers can do no more than one. A layer that is narrower than both its neighbours saves parameters, and gives no hint.',
    wrong: spec`
      name: example
      input: { shape: [16] }
      layers:
        - dense: { units: 64 }
        - dense: { units: 1 }
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
  },
} satisfies Partial<PagesOf<'meaning'>>
