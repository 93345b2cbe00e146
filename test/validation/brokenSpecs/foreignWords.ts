/** Words misspelt, or written as Keras, PyTorch and others write them. */
import { classify, type BrokenSpec } from './brokenSpec.ts'

const layer = (item: string, fixed?: string): BrokenSpec => ({
  title: item,
  layers: `
    - ${item}${classify}`,
  ...(fixed !== undefined && { fixed }),
})

const training = (entry: string, fixed?: string): BrokenSpec => ({
  title: `training: ${entry}`,
  training: `{ ${entry} } # ✗ schema/unknown-key`,
  ...(fixed !== undefined && { fixed }),
})

/** A network that predicts a value. */
const values: Pick<BrokenSpec, 'dataset' | 'input' | 'layers' | 'loss' | 'metrics'> = {
  dataset: '',
  input: '{ shape: [8] }',
  layers: `
    - dense: { units: 1 }`,
  loss: 'meanSquaredError',
  metrics: '[r2Score]',
}

export const foreignWordRows: readonly BrokenSpec[] = [
  // options of layers
  layer('conv2d: { filters: 8, kernel_size: 3 } # ✗ schema/unknown-key', 'kernelSize: 3'),
  layer('conv2d: { filters: 8, kernel: 3 } # ✗ schema/unknown-key', 'kernelSize: 3'),
  layer('conv2d: { filters: 8, kernalSize: 3 } # ✗ schema/unknown-key', 'kernelSize: 3'),
  layer('conv2d: { filers: 8, kernelSize: 3 } # ✗ schema/unknown-key', 'filters: 8'),
  layer('conv2d: { out_channels: 8, kernelSize: 3 } # ✗ schema/unknown-key', 'filters: 8'),
  layer('conv2d: { filters: 8, kernelSize: 3, stride: 2 } # ✗ schema/unknown-key', 'strides: 2'),
  layer('conv2d: { filters: 8, kernelSize: 3, use_bias: false } # ✗ schema/unknown-key', 'useBias: false'),
  layer('conv2d: { filters: 8, kernelSize: 3, bias: false } # ✗ schema/unknown-key', 'useBias: false'),
  layer('conv2d: { filters: 8, kernelSize: 3, dilation: 1 } # ✗ schema/unknown-key', 'dilationRate: 1'),
  layer('conv2d: { filters: 8, kernelSize: 3, kernel_initializer: zeros } # ✗ schema/unknown-key', 'kernelInitializer'),
  layer('conv2d: { filters: 8, kernelSize: 3, groups: 2 } # ✗ schema/unknown-key'),
  layer('conv2d: { filters: 8, kernelSize: 3, frobnicate: 2 } # ✗ schema/unknown-key'),
  layer('maxPooling2d: { pool_size: 2 } # ✗ schema/unknown-key', 'poolSize: 2'),
  layer('maxPooling2d: { poolSzie: 2 } # ✗ schema/unknown-key', 'poolSize: 2'),
  layer('dropout: { p: 0.5 } # ✗ schema/unknown-key', 'rate: 0.5'),
  layer('batchNormalization: { eps: 0.001 } # ✗ schema/unknown-key', 'epsilon: 0.001'),
  layer('add: [input, input] # ✗ schema/wrong-type', 'add: { inputs: [input, input] }'),
  {
    title: 'a layer in another that is not under its key',
    dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
    layers: `
    - bidirectional: { lstm: { units: 8 } } # ✗ schema/unknown-key
    - dense: { units: 3, activation: softmax }`,
    fixed: '- bidirectional: { layer: { lstm: { units: 8 } } }',
  },
  ...(['cell: lstm, units: 8', 'units: 8, returnSequences: false, cell: LSTMCell'] as const).map(
    (options): BrokenSpec => ({
      title: `a recurrent layer with ${options}`,
      dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
      layers: `
    - rnn: { ${options} } # ✗ schema/wrong-type
    - dense: { units: 3, activation: softmax }`,
      fixed: '- lstm: { units: 8',
    }),
  ),
  {
    title: 'a recurrent layer with the name of its cell, in lines',
    dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
    layers: `
    - rnn: # ✗ schema/wrong-type
        cell: gru
        # half of the values
        units: 2
    - dense: { units: 3, activation: softmax }`,
    fixed: `
      # half of the values
      units: 2`,
  },
  ...(['lstm', 'lstmCell', '[gru]'] as const).map((cell): BrokenSpec => ({
    title: `a recurrent layer with the cell ${cell} without its units`,
    dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
    layers: `
    - rnn: { cell: ${cell} } # ✗ schema/options-required
    - dense: { units: 3, activation: softmax }`,
  })),
  ...(['{ lstm: { units: 4 } }', 'LSTMCell(4)'] as const).map((cell): BrokenSpec => ({
    title: `a recurrent layer with the cell ${cell}`,
    dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
    layers: `
    - rnn: { cell: ${cell} } # ✗ ${cell.startsWith('{') ? 'schema/unknown-value' : 'schema/wrong-type'}
    - dense: { units: 3, activation: softmax }`,
    fixed: 'cell: { lstmCell: { units: 4 } }',
  })),
  {
    title: 'an activation as a call',
    layers: `
    - conv2d: { filters: 8, kernelSize: 3, activation: nn.SiLU() } # ✗ schema/unknown-value${classify}`,
    fixed: 'activation: swish',
  },
  {
    title: 'an optimizer that is called with a schedule',
    optimizer: 'Adam(CosineDecay(0.1, 100)) # ✗ schema/unknown-value',
  },
  { title: 'several learning rates', optimizer: '{ sgd: { learningRate: [0.1, 0.01] } } # ✗ schema/wrong-type' },
  { title: 'a description', also: 'description: digits # ✗ schema/unknown-key' },
  { title: 'the download of a dataset', dataset: '{ mnist: { download: true } } # ✗ schema/unknown-key' },
  {
    title: 'the shape of the input as an option of the first layer',
    dataset: '',
    layers: `
    - conv2d: { filters: 8, kernelSize: 3, input_shape: [28, 28, 1] } # ✗ schema/unknown-key${classify}`,
    fixed: 'input: { shape: [28, 28, 1] }',
  },
  {
    title: 'the shape of the input that the dataset has',
    layers: `
    - flatten: { inputShape: [28, 28, 1] } # ✗ schema/unknown-key
    - dense: { units: 10, activation: softmax }`,
    fixed: '- flatten: {}',
  },
  {
    title: 'a block inside a layer',
    dataset: '{ synthetic: { shape: [8, 4], classes: 3 } }',
    also: 'blocks: { unit: { layers: [reLU] } }',
    layers: `
    - unit
    - timeDistributed: { layer: unit } # ✗ schema/unknown-layer
    - flatten
    - dense: { units: 3, activation: softmax }`,
  },
  {
    title: 'a tab in single quotes',
    training: `{ callbacks: [{ csvLog: { separator: '\\t' } }] } # ✗ schema/unknown-value`,
    fixed: 'separator: "\\t"',
  },
  layer('RandomFlip: horizontal # ✗ schema/unknown-layer'),
  layer('RandomRotation(0.1) # ✗ schema/unknown-layer'),
  layer('residual: { filters: 4 } # ✗ schema/unknown-layer'),
  layer('Sequential: [reLU] # ✗ schema/unknown-layer'),
  {
    title: 'a penalty as a call',
    layers: `
    - conv2d: { filters: 8, kernelSize: 3, kernelRegularizer: l2(0.001) } # ✗ schema/unknown-value${classify}`,
    fixed: 'kernelRegularizer: { l2: { l2: 0.001 } }',
  },
  layer(
    'conv2d: { filters: 8, kernelSize: 3, kernelConstraint: { maxNorm: 2 } } # ✗ schema/wrong-type',
    'maxNorm: { maxValue: 2 }',
  ),
  {
    title: 'a schedule as the learning rate',
    optimizer: '{ sgd: { learningRate: { cosine: {} } } } # ✗ schema/wrong-type',
  },
  training('validation_steps: 2'),
  training('verbose: 1', 'training: {}'),
  training('callbacks: [{ checkpoint: { save_best_only: true, monitor: loss } }]', 'keep: best, monitor'),
  {
    title: 'RMSprop of PyTorch',
    optimizer: '{ rmsprop: { alpha: 0.99 } } # ✗ schema/unknown-key',
    fixed: 'decay: 0.99',
  },
  // values of layers
  layer('dropout: { rate: 50 } # ✗ schema/out-of-range', 'rate: 0.5'),
  layer('dropout: { rate: 50% } # ✗ schema/wrong-type', 'rate: 0.5'),
  { ...layer('dropout: { rate: { units: 2 } } # ✗ schema/wrong-type'), also: 'vars: { unused: 1 }' },
  layer('dense: { units: 3, kernelInitializer: xavier_uniform } # ✗ schema/unknown-value', 'glorotUniform'),
  layer('dense: { units: 3, kernelInitializer: kaiming_normal } # ✗ schema/unknown-value', 'heNormal'),
  layer('conv2d: { filters: 8, kernelSize: 3, padding: SAME } # ✗ schema/unknown-value', 'padding: same'),
  layer('conv2d: { filters: 8, kernelSize: 3, padding: full } # ✗ schema/unknown-value'),
  layer('conv2d: { filters: 8, kernelSize: 3, activation: "relu6 " } # ✗ schema/unknown-value', 'activation: relu6'),
  layer('conv2d: { filters: 8, kernelSize: 3, activation: ReLU } # ✗ schema/unknown-value', 'activation: relu'),
  layer('conv2d: { filters: 8, kernelSize: 3, activation: rleu } # ✗ schema/unknown-value', 'activation: relu'),
  layer('conv2d: { filters: 8, kernelSize: 3, activation: hard_sigmoid } # ✗ schema/unknown-value', 'hardSigmoid'),
  layer('conv2d: { filters: 8, kernelSize: 3, dataFormat: channels_last } # ✗ schema/unknown-value', 'channelsLast'),
  layer('conv2d: { filters: 8, kernelSize: 3, kernelInitializer: he_normal } # ✗ schema/unknown-value', 'heNormal'),
  layer('conv2d: { filters: 8, kernelSize: 3, kernelInitializer: xyzzy } # ✗ schema/unknown-value'),
  layer('conv2d: { filters: 8, kernelSize: 3, kernelRegularizer: L2 } # ✗ schema/unknown-value', 'l2'),
  layer('conv2d: { filters: 8, kernelSize: 3, kernelRegularizer: { L2: {} } } # ✗ schema/unknown-value', '{ l2: {} }'),
  layer('conv2d: { filters: 8, kernelSize: 3, kernelConstraint: max_norm } # ✗ schema/unknown-value', 'maxNorm'),
  {
    title: 'a mode of an initializer',
    layers: `
      - conv2d:
          filters: 8
          kernelSize: 3
          kernelInitializer:
            varianceScaling:
              mode: fan_in # ✗ schema/unknown-value
      - flatten
      - dense: { units: 10, activation: softmax }`,
    fixed: 'mode: fanIn',
  },
  // types of layers
  layer('Conv2D: { filters: 8, kernelSize: 3 } # ✗ schema/unknown-layer', '- conv2d: {'),
  layer('nn.Conv2d: { filters: 8, kernelSize: 3 } # ✗ schema/unknown-layer', '- conv2d: {'),
  layer('convolution2d: { filters: 8, kernelSize: 3 } # ✗ schema/unknown-layer', '- conv2d: {'),
  layer('maxpool2d: { poolSize: 2 } # ✗ schema/unknown-layer', '- maxPooling2d: {'),
  layer('max_pool2d # ✗ schema/unknown-layer', '- maxPooling2d'),
  layer('MaxPooling2D # ✗ schema/unknown-layer', '- maxPooling2d'),
  layer('AvgPool2d # ✗ schema/unknown-layer', '- averagePooling2d'),
  layer('BatchNorm2d # ✗ schema/unknown-layer', '- batchNormalization'),
  layer('batch_normalization: {} # ✗ schema/unknown-layer', '- batchNormalization: {}'),
  layer('zeroPadding2D: { padding: 1 } # ✗ schema/unknown-layer', '- zeroPadding2d'),
  layer('Dropout: { rate: 0.5 } # ✗ schema/unknown-layer', '- dropout'),
  layer('frobnicator # ✗ schema/unknown-layer'),
  layer('frobnicator: { size: 3 } # ✗ schema/unknown-layer'),
  {
    title: 'Flatten, bare',
    layers: `
      - Flatten # ✗ schema/unknown-layer
      - dense: { units: 10, activation: softmax }`,
    fixed: '- flatten',
  },
  {
    title: 'nn.Linear',
    layers: `
      - flatten
      - nn.Linear: { units: 10, activation: softmax } # ✗ schema/unknown-layer`,
    fixed: '- dense: {',
  },
  {
    title: 'out_features',
    layers: `
      - flatten
      - dense: { out_features: 10, activation: softmax } # ✗ schema/unknown-key`,
    fixed: 'units: 10',
  },
  {
    title: 'an option in block style',
    layers: `
      - conv2d:
          filters: 8
          kernel_size: 3 # ✗ schema/unknown-key
          activation: relu
      - flatten
      - dense: { units: 10, activation: softmax }`,
    fixed: '      kernelSize: 3\n',
  },
  // training
  training('batch_size: 32', 'batchSize: 32'),
  training('epoch: 3', 'epochs: 3'),
  training('validation_split: 0.1', 'validationSplit: 0.1'),
  training('batchSize: 32, bathSize: 32'),
  training('randomSeed: 3', 'seed: 3'),
  { title: 'lr', optimizer: '{ sgd: { lr: 0.1 } } # ✗ schema/unknown-key', fixed: 'learningRate: 0.1' },
  { title: 'beta_1', optimizer: '{ adam: { beta_1: 0.9 } } # ✗ schema/unknown-key', fixed: 'beta1: 0.9' },
  { title: 'Adam', optimizer: 'Adam # ✗ schema/unknown-value', fixed: 'optimizer: adam' },
  { title: 'Adam with options', optimizer: '{ Adam: {} } # ✗ schema/unknown-value', fixed: '{ adam: {} }' },
  { title: 'RMSprop', optimizer: 'RMSprop # ✗ schema/unknown-value', fixed: 'optimizer: rmsprop' },
  { title: 'unknown optimizer', optimizer: 'shampoo # ✗ schema/unknown-value' },
  {
    title: 'categorical_crossentropy',
    loss: 'categorical_crossentropy # ✗ schema/unknown-value',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'CrossEntropyLoss',
    loss: 'nn.CrossEntropyLoss # ✗ schema/unknown-value',
    fixed: 'loss: categoricalCrossentropy',
  },
  {
    title: 'BCEWithLogitsLoss',
    dataset: '',
    input: '{ shape: [8] }',
    layers: `
      - dense: { units: 1, activation: sigmoid }`,
    loss: 'nn.BCEWithLogitsLoss # ✗ schema/unknown-value',
    fixed: 'loss: binaryCrossentropy',
  },
  { title: 'SmoothL1Loss', ...values, loss: 'SmoothL1Loss # ✗ schema/unknown-value', fixed: 'loss: huberLoss' },
  { title: 'MAE', ...values, metrics: '[MAE] # ✗ schema/unknown-value', fixed: '[meanAbsoluteError]' },
  { title: 'mape', ...values, loss: 'mape # ✗ schema/unknown-value', fixed: 'loss: meanAbsolutePercentageError' },
  { title: 'Adagrad', optimizer: 'Adagrad # ✗ schema/unknown-value', fixed: 'optimizer: adagrad' },
  {
    title: 'nesterov',
    optimizer: '{ momentum: { nesterov: true } } # ✗ schema/unknown-key',
    fixed: 'useNesterov: true',
  },
  { title: 'unknown loss', loss: 'triplet # ✗ schema/unknown-value' },
  { title: 'acc', metrics: '[acc] # ✗ schema/unknown-value', fixed: '[accuracy]' },
  { title: 'Accuracy', metrics: '[precision, Accuracy] # ✗ schema/unknown-value', fixed: '[precision, accuracy]' },
  { title: 'unknown metric', metrics: '[perplexity] # ✗ schema/unknown-value' },
  { title: 'MNIST', dataset: 'MNIST # ✗ schema/unknown-value', fixed: 'dataset: mnist' },
  { title: 'unknown dataset', dataset: 'imagenet # ✗ schema/unknown-value' },
  // the keys of a spec
  {
    title: 'optimiser',
    optimizer: '',
    also: 'optimiser: adam # ✗ schema/unknown-key',
    fixed: 'optimizer: adam',
  },
  {
    title: 'model for layers',
    spec: `
      name: example
      dataset: mnist
      model: # ✗ schema/unknown-key
        - flatten
        - dense: { units: 10 }
      `,
    fixed: 'layers:',
  },
  { title: 'unknown key', also: 'color: red # ✗ schema/unknown-key' },
]
