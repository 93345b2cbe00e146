/** Mistakes of the shapes, and of what data, network and loss mean together. */
import type { BrokenSpec } from './brokenSpec.ts'

const layers = (title: string, text: string, fixed?: string): BrokenSpec => ({
  title,
  layers: text,
  ...(fixed !== undefined && { fixed }),
})

export const networkRows: readonly BrokenSpec[] = [
  ...(['name: inner', 'inputs: input', 'expect: [4]'] as const).map((option): BrokenSpec => ({
    title: `a layer inside another with ${option}`,
    dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
    layers: `
    - timeDistributed: { layer: { dense: { units: 4, ${option} } } } # ✗ schema/unknown-key
    - flatten
    - dense: { units: 3, activation: softmax }`,
  })),
  {
    title: 'bounds of random numbers in the wrong order',
    layers: `
    - flatten
    - dense: { units: 10, activation: softmax, kernelInitializer: { randomUniform: { minval: 0.1, maxval: -0.1 } } } # ✗ schema/out-of-range`,
    fixed: 'randomUniform: { minval: -0.1, maxval: 0.1 }',
  },
  {
    title: 'fewer samples than the default of a batch',
    dataset: '{ synthetic: { train: 20 } } # ✗ meaning/batch-exceeds-data',
    training: '{ epochs: 2 }',
    fixed: 'training: { epochs: 2, batchSize: 16 }',
  },
  // shapes
  layers(
    'a kernel larger than its input',
    `
    - conv2d: { filters: 8, kernelSize: 30 } # ✗ shape/kernel-exceeds-input
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'padding: same',
  ),
  layers(
    'a kernel larger than its input on one axis, block style',
    `
    - conv2d:
        filters: 8
        kernelSize: [3, 29] # ✗ shape/kernel-exceeds-input
        # a note
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'padding: same',
  ),
  // YAML writes numbers that JSON does not know.
  layers(
    'a window without end',
    `
    - maxPooling2d: { poolSize: 1e999 } # ✗ schema/wrong-type
    - flatten
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'a rate that is no number',
    `
    - flatten
    - dropout: { rate: .nan } # ✗ schema/wrong-type
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'units without end',
    `
    - flatten
    - dense: { units: .inf, activation: softmax } # ✗ schema/wrong-type`,
  ),
  layers(
    'falling to zero after five pools',
    `
    - maxPooling2d
    - maxPooling2d
    - maxPooling2d
    - maxPooling2d
    - maxPooling2d # ✗ shape/kernel-exceeds-input
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'maxPooling2d: { padding: same }',
  ),
  layers(
    'a window larger than its input',
    `
    - averagePooling2d: { poolSize: [30, 2] } # ✗ shape/kernel-exceeds-input
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'padding: same',
  ),
  layers(
    'a convolution behind flatten',
    `
    - flatten
    - conv2d: { filters: 8, kernelSize: 3 } # ✗ shape/wrong-rank
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'global pooling of a vector',
    `
    - flatten
    - globalAveragePooling2d # ✗ shape/wrong-rank
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'flatten twice',
    `
    - flatten
    - flatten # ✗ shape/wrong-rank
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'strides and dilation',
    `
    - conv2d: { filters: 8, kernelSize: 3, strides: 2, dilationRate: 2 } # ✗ shape/strides-with-dilation
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'strides: 2 }',
  ),
  layers(
    'an axis that is not there',
    `
    - flatten
    - batchNormalization: { axis: 3 } # ✗ shape/bad-axis
    - dense: { units: 10, activation: softmax }`,
    'axis: -1',
  ),
  layers(
    'the axis of the batch',
    `
    - flatten
    - batchNormalization: { axis: 0, momentum: 0.9 } # ✗ shape/bad-axis
    - dense: { units: 10, activation: softmax }`,
    '{ axis: -1, momentum: 0.9 }',
  ),
  layers(
    'expect is not met',
    `
    - conv2d: { filters: 8, kernelSize: 3, expect: [28, 28, 8] } # ✗ shape/expect-not-met
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'expect: [26, 26, 8]',
  ),
  layers(
    'expect has another number of axes, in block style',
    `
    - maxPooling2d:
        expect: [14, 14] # ✗ shape/expect-not-met
        poolSize: 2
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'expect: [14, 14, 1]\n',
  ),
  {
    title: 'a size that must be known',
    dataset: '',
    loss: '',
    input: '{ shape: [28, 28, null] }',
    layers: `
      - conv2d: { filters: 8, kernelSize: 3 } # ✗ shape/unknown-size`,
  },
  {
    title: 'a vector of unknown size',
    dataset: '',
    loss: '',
    input: '{ shape: [null, null, 3] }',
    layers: `
      - conv2d: { filters: 8, kernelSize: 3 }
      - flatten # ✗ shape/unknown-size
      - dense: { units: 10 }`,
  },
  // meaning
  layers(
    'five units for ten classes',
    `
    - flatten
    - dense: { units: 5, activation: softmax } # ✗ meaning/class-count`,
    'units: 10',
  ),
  layers(
    'five units for ten classes, activation in a layer of its own',
    `
    - flatten
    - dense: { units: 5 } # ✗ meaning/class-count
    - activation: { activation: softmax }`,
    'units: 10',
  ),
  layers(
    'one filter too many before global pooling',
    `
    - conv2d: { filters: 11, kernelSize: 15 } # ✗ meaning/class-count
    - globalAveragePooling2d
    - activation: { activation: softmax }`,
    'filters: 10',
  ),
  layers(
    'softmax over one unit',
    `
    - flatten
    - dense: { units: 1, activation: softmax } # ✗ meaning/single-softmax`,
    'units: 10',
  ),
  layers(
    'no activation at the end',
    `
    - flatten
    - dense: { units: 10 } # ✗ meaning/loss-activation`,
    'activation: softmax',
  ),
  layers(
    'no activation at the end, block style',
    `
    - flatten
    - dense: # ✗ meaning/loss-activation
        units: 10
        name: digits # ten of them`,
    '      activation: softmax\n',
  ),
  layers(
    'sigmoid at the end',
    `
    - flatten
    - dense: { units: 10, activation: sigmoid } # ✗ meaning/loss-activation`,
    'activation: softmax',
  ),
  layers(
    'an image at the end',
    `
    - conv2d: { filters: 8, kernelSize: 3 }
    - dense: { units: 10, activation: softmax } # ✗ meaning/output-rank`,
    '- flatten\n',
  ),
  {
    title: 'binary loss on ten classes',
    loss: 'binaryCrossentropy # ✗ meaning/loss-labels',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'squared error on ten classes',
    loss: '{ meanSquaredError: {} } # ✗ meaning/unusual-loss',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'the input is not that of the dataset',
    input: '{ shape: [32, 32, 3] } # ✗ meaning/input-shape',
    fixed: 'shape: [28, 28, 1]',
  },
  layers(
    'an input layer is not that of the dataset',
    `
    - input: { shape: [784] } # ✗ meaning/input-shape
    - dense: { units: 10, activation: softmax }`,
  ),
  layers(
    'an input layer is the transpose of the dataset',
    `
    - input: { shape: [1, 28, 28] } # ✗ meaning/input-shape
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'shape: [28, 28, 1]',
  ),
  {
    title: 'a batch larger than the data',
    training: '{ batchSize: 60001 } # ✗ meaning/batch-exceeds-data',
    fixed: 'batchSize: 512',
  },
  {
    title: 'a batch larger than what validation leaves',
    training: '{ batchSize: 40000, validationSplit: 0.5 } # ✗ meaning/batch-exceeds-data',
    fixed: 'batchSize: 512, validationSplit',
  },
  {
    title: 'nothing to train',
    spec: `
      name: example
      dataset: mnist
      layers: # ✗ meaning/nothing-to-train
        - flatten
        - dense: { units: 10, activation: softmax, trainable: false }
      optimizer: adam
      loss: categoricalCrossentropy
      `,
  },
]
