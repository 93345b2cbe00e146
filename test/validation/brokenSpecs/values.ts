/** Values out of range or of the wrong type, and bad names. */
import { classify, type BrokenSpec } from './brokenSpec.ts'

const conv = (options: string, fixed?: string): BrokenSpec => ({
  title: `conv2d ${options}`,
  layers: `
    - conv2d: { ${options}${classify}`,
  ...(fixed !== undefined && { fixed }),
})

const training = (entry: string, fixed?: string): BrokenSpec => ({
  title: `training ${entry}`,
  training: `{ ${entry}`,
  ...(fixed !== undefined && { fixed }),
})

export const valueRows: readonly BrokenSpec[] = [
  // weights of classes
  training('classWeights: balance } # ✗ schema/unknown-value', 'classWeights: balanced'),
  training('classWeights: { 3: -1 } } # ✗ schema/out-of-range'),
  training('classWeights: { 3: much } } # ✗ schema/wrong-type'),
  training('classWeights: [1, 2] } # ✗ schema/wrong-type', 'classWeights: { 0: 1, 1: 2 }'),
  training('class_weight: { 3: 2 } } # ✗ schema/unknown-key', 'classWeights: { 3: 2 }'),
  training('classWeight: balanced } # ✗ schema/unknown-key', 'classWeights: balanced'),
  training('class_weights: balanced } # ✗ schema/unknown-key', 'classWeights: balanced'),
  training('classWeights: { 10: 2 } } # ✗ meaning/class-weights'),
  training('classWeights: { three: 2 } } # ✗ meaning/class-weights'),
  {
    title: 'a misspelt class with a weight',
    dataset: 'cifar10',
    training: '{ classWeights: { cats: 2, dog: 1 } } # ✗ meaning/class-weights',
    fixed: 'cat: 2',
  },
  {
    title: 'the index of a class that is not there',
    dataset: 'cifar10',
    training: '{ classWeights: { 9: 2, 10: 2 } } # ✗ meaning/class-weights',
  },
  {
    title: 'classes that all have the weight 0',
    dataset: '{ synthetic: { shape: [8, 8, 1], classes: 2 } }',
    layers: `
    - flatten
    - dense: { units: 2, activation: softmax }`,
    training: '{ classWeights: { 0: 0, 1: 0 } } # ✗ meaning/class-weights',
  },
  {
    title: 'weights of classes where labels are values',
    dataset: '{ synthetic: { shape: [8], labels: values } }',
    layers: `
    - dense: { units: 1 }`,
    loss: 'meanSquaredError',
    metrics: '[]',
    training: '{ classWeights: balanced } # ✗ meaning/class-weights',
  },
  {
    title: 'weights of classes of two outputs',
    layers: `
    - flatten: { name: pixels }
    - dense: { name: one, units: 10, activation: softmax }
    - dense: { name: two, inputs: pixels, units: 10, activation: softmax }`,
    outputs: '[one, two]',
    training: '{ classWeights: balanced } # ✗ meaning/class-weights',
  },
  {
    title: 'weights of classes in the loss, as in PyTorch',
    loss: '{ categoricalCrossentropy: { weight: [1, 2] } } # ✗ schema/unknown-key',
  },
  // names that other layers refer to
  {
    title: 'a name with a space, and references to it',
    layers: `
    - flatten: { name: my pixels } # ✗ schema/bad-name
    - dense: { name: hidden, units: 784, activation: relu }
    - add: { inputs: [my pixels, hidden] }
    - dense: { units: 10, activation: softmax }`,
    fixed: 'inputs: [my-pixels, hidden]',
  },
  {
    title: 'the name of an output that begins with a digit',
    layers: `
    - flatten
    - dense: { name: 10classes, units: 10, activation: softmax } # ✗ schema/bad-name`,
    outputs: '[10classes]',
    loss: '{ 10classes: categoricalCrossentropy }',
    fixed: '{ layer-10classes: categoricalCrossentropy }',
  },
  { title: 'a name with an umlaut', name: 'größe # ✗ schema/bad-name', fixed: 'name: grosse' },
  // nothing, and None
  conv('filters: 8, kernelSize: 3, activation: null } # ✗ schema/wrong-type', 'activation: linear }'),
  training('seed: ~ } # ✗ schema/wrong-type', 'training: {}'),
  {
    title: 'None as a size',
    dataset: '',
    input: '{ shape: [None, 4] } # ✗ schema/wrong-type',
    layers: `
    - lstm: { units: 4 }
    - dense: { units: 10, activation: softmax }`,
    fixed: '[null, 4]',
  },
  // arithmetic
  {
    title: 'a quotient as in Python',
    layers: `
    - rescaling: { scale: 1./255 } # ✗ schema/wrong-type${classify}`,
    fixed: 'scale: $(1/255) }',
  },
  {
    title: 'a quotient instead of the options',
    layers: `
    - rescaling: 1 / 255 # ✗ schema/wrong-type${classify}`,
    fixed: 'rescaling: { scale: $(1 / 255) }',
  },
  training('batchSize: 2 ** 5 } # ✗ schema/wrong-type', 'batchSize: $(2 ** 5) }'),
  // out of range
  {
    title: 'a rectifier whose largest value is 0',
    layers: `
    - reLU: { maxValue: 0 } # ✗ schema/out-of-range${classify}`,
  },
  conv('filters: 0, kernelSize: 3 } # ✗ schema/out-of-range'),
  conv('filters: 8, kernelSize: 0 } # ✗ schema/out-of-range'),
  conv('filters: 8, kernelSize: [3, 0] } # ✗ schema/out-of-range'),
  conv('filters: 8, kernelSize: 3, strides: 0 } # ✗ schema/out-of-range'),
  conv('filters: 8, kernelSize: -3 } # ✗ schema/out-of-range'),
  training('epochs: 0 } # ✗ schema/out-of-range'),
  training('batchSize: -1 } # ✗ schema/out-of-range'),
  training('seed: -5 } # ✗ schema/out-of-range'),
  training('validationSplit: 1 } # ✗ schema/out-of-range'),
  training('seed: 4294967296 } # ✗ schema/out-of-range'),
  { title: 'learning rate of zero', optimizer: '{ sgd: { learningRate: 0 } } # ✗ schema/out-of-range' },
  { title: 'negative rate', optimizer: '{ sgd: { learningRate: -0.1 } } # ✗ schema/out-of-range' },
  { title: 'momentum of one', optimizer: '{ momentum: { momentum: 1 } } # ✗ schema/out-of-range' },
  {
    title: 'dropout rate of one',
    layers: `
      - flatten
      - dropout: { rate: 1 } # ✗ schema/out-of-range
      - dense: { units: 10, activation: softmax }`,
  },
  conv('filters: 8, kernelSize: 3, kernelRegularizer: { l2: { l2: -1 } } } # ✗ schema/out-of-range'),
  conv('filters: 8, kernelSize: 3, expect: [0, 26, 8] } # ✗ schema/out-of-range'),
  // wrong types
  conv('filters: "8", kernelSize: 3 } # ✗ schema/wrong-type', 'filters: 8'),
  conv('filters: 8, kernelSize: "3" } # ✗ schema/wrong-type', 'kernelSize: 3'),
  conv(`filters: 8, kernelSize: '3, 5' } # ✗ schema/wrong-type`, 'kernelSize: [3, 5]'),
  conv('filters: 8, kernelSize: "(3, 3)" } # ✗ schema/wrong-type', 'kernelSize: [3, 3]'),
  conv('filters: 8, kernelSize: (3, 3) } # ✗ source/tuple', 'kernelSize: [3, 3] }'),
  conv('filters: 8, kernelSize: (3,3,), activation: relu } # ✗ source/tuple', 'kernelSize: [3, 3], activation'),
  conv('filters: 8, kernelSize: 3x3 } # ✗ schema/wrong-type', 'kernelSize: [3, 3]'),
  conv('filters: 8, kernelSize: { height: 3, width: 3 } } # ✗ schema/wrong-type'),
  conv('filters: 8, kernelSize: 3, strides: 1.5 } # ✗ schema/wrong-type'),
  conv('filters: 8.5, kernelSize: 3 } # ✗ schema/wrong-type'),
  conv('filters: many, kernelSize: 3 } # ✗ schema/wrong-type'),
  conv('filters: true, kernelSize: 3 } # ✗ schema/wrong-type'),
  conv('filters: [8], kernelSize: 3 } # ✗ schema/wrong-type', 'filters: 8'),
  conv('filters: , kernelSize: 3 } # ✗ schema/wrong-type'),
  conv('filters: .nan, kernelSize: 3 } # ✗ schema/wrong-type'),
  conv('filters: 8, kernelSize: 3, useBias: yes } # ✗ schema/wrong-type', 'useBias: true'),
  conv('filters: 8, kernelSize: 3, useBias: "no" } # ✗ schema/wrong-type', 'useBias: false'),
  conv('filters: 8, kernelSize: 3, useBias: 0 } # ✗ schema/wrong-type', 'useBias: false'),
  conv('filters: 8, kernelSize: 3, trainable: off } # ✗ schema/wrong-type', 'trainable: false'),
  conv('filters: 8, kernelSize: 3, activation: 3 } # ✗ schema/wrong-type'),
  conv('filters: 8, kernelSize: 3, activation: [relu] } # ✗ schema/wrong-type', 'activation: relu'),
  conv('filters: 8, kernelSize: 3, padding: 1 } # ✗ schema/wrong-type', 'padding: same'),
  conv('filters: 8, kernelSize: 3, kernelRegularizer: 0.01 } # ✗ schema/wrong-type'),
  conv(
    'filters: 8, kernelSize: 3, kernelInitializer: { heNormal: 3 } } # ✗ schema/wrong-type',
    'heNormal: { seed: 3 }',
  ),
  conv('filters: 8, kernelSize: 3, biasInitializer: { constant: { value: "0.1" } } } # ✗ schema/wrong-type', '0.1'),
  conv('filters: 8, kernelSize: 3, expect: 26 } # ✗ schema/wrong-type'),
  conv('filters: 8, kernelSize: 3, expect: 26x26x8 } # ✗ schema/wrong-type', 'expect: [26, 26, 8]'),
  conv('filters: 8, kernelSize: [3] } # ✗ schema/wrong-length', 'kernelSize: 3 }'),
  conv('filters: 8, kernelSize: [3, 3, 3] } # ✗ schema/wrong-length', 'kernelSize: 3 }'),
  {
    title: 'learning rate in quotes',
    optimizer: '{ sgd: { learningRate: "0.1" } } # ✗ schema/wrong-type',
    fixed: '0.1',
  },
  {
    title: 'learning rate alone',
    optimizer: '{ sgd: 0.1 } # ✗ schema/wrong-type',
    fixed: '{ sgd: { learningRate: 0.1 } }',
  },
  { title: 'one metric', metrics: 'accuracy # ✗ schema/wrong-type', fixed: 'metrics: [accuracy]' },
  { title: 'one output', outputs: 'dense # ✗ schema/wrong-type', fixed: 'outputs: [dense]' },
  { title: 'no output', outputs: '[] # ✗ schema/wrong-length' },
  { title: 'training is a number', training: '5 # ✗ schema/wrong-type' },
  { title: 'training is a list', training: '[{ epochs: 5 }] # ✗ schema/wrong-type' },
  training('epochs: "5" } # ✗ schema/wrong-type', 'epochs: 5'),
  training('epochs: 5.5 } # ✗ schema/wrong-type'),
  training('shuffle: no } # ✗ schema/wrong-type', 'shuffle: false'),
  {
    title: 'the input is a number',
    input: '{ shape: 784 } # ✗ schema/wrong-type',
    fixed: 'shape: [784]',
    dataset: '',
    layers: '[{ dense: { units: 10, activation: softmax } }]',
  },
  { title: 'the input is a list', input: '[28, 28, 1] # ✗ schema/wrong-type', fixed: 'input: { shape: [28, 28, 1] }' },
  { title: 'the input has no sizes', input: '{ shape: [] } # ✗ schema/wrong-length' },
  { title: 'the input has a batch of -1', input: '{ shape: [-1, 28, 28] } # ✗ schema/out-of-range' },
  // names
  { title: 'a name with a space', name: 'my net # ✗ schema/bad-name', fixed: 'name: my-net' },
  { title: 'a name that begins with a digit', name: '3d-net # ✗ schema/bad-name', fixed: 'name: run-3d-net' },
  { title: 'a name of no letters', name: '"???" # ✗ schema/bad-name' },
  { title: 'a path as name', name: '../../etc/passwd # ✗ schema/bad-name', fixed: 'name: etc-passwd' },
  { title: 'an empty name', name: '"" # ✗ schema/bad-name' },
  { title: 'a number as name', name: '42 # ✗ schema/wrong-type' },
  conv('name: the features, filters: 8, kernelSize: 3 } # ✗ schema/bad-name', 'name: the-features'),
]
