/** Networks whose shapes fit, and that still cannot do what they are for. */
import { classify, type BrokenSpec } from './brokenSpec.ts'

const layers = (title: string, text: string, fixed?: string): BrokenSpec => ({
  title,
  layers: text,
  ...(fixed !== undefined && { fixed }),
})

/** Without a dataset, and predicting values. */
const values = (title: string, shape: string, text: string, fixed?: string): BrokenSpec => ({
  title,
  dataset: '',
  input: `{ shape: ${shape} }`,
  layers: text,
  loss: 'meanSquaredError',
  metrics: '',
  ...(fixed !== undefined && { fixed }),
})

export const meaningRows: readonly BrokenSpec[] = [
  // what hardly lets anything through
  layers(
    'dropout by what is kept',
    `
    - flatten
    - dense: { units: 64, activation: relu }
    - dropout: { rate: 0.9 } # ✗ meaning/dropout-rate
    - dense: { units: 10, activation: softmax }`,
    'dropout: { rate: 0.1 }',
  ),
  layers(
    'spatial noise that hides all but one in a hundred',
    `
    - gaussianDropout: { rate: 0.99 } # ✗ meaning/dropout-rate
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'gaussianDropout: { rate: 0.01 }',
  ),
  layers(
    'moving averages that never move',
    `
    - conv2d: { filters: 8, kernelSize: 3, useBias: false }
    - batchNormalization: { momentum: 1 } # ✗ meaning/frozen-statistics
    - reLU
    - flatten
    - dense: { units: 10, activation: softmax }`,
    'batchNormalization: { momentum: 0.99 }',
  ),
  // what the network ends in
  layers(
    'a sigmoid layer at the end',
    `
    - flatten
    - dense: { units: 10 }
    - activation: { activation: sigmoid } # ✗ meaning/loss-activation`,
    'activation: softmax',
  ),
  layers(
    'a reshape behind sigmoid',
    `
    - flatten
    - dense: { units: 10, activation: sigmoid } # ✗ meaning/loss-activation
    - reshape: { targetShape: [2, 5] }
    - flatten`,
    'activation: softmax',
  ),
  layers(
    'a rectifier layer at the end',
    `
    - flatten
    - dense: { units: 10 }
    - reLU # ✗ meaning/loss-activation`,
  ),
  layers(
    'softmax over one unit, as a layer',
    `
    - flatten
    - dense: { units: 1 } # ✗ meaning/single-softmax
    - softmax`,
    'units: 10',
  ),
  {
    title: 'softmax over one unit with a binary loss',
    dataset: '',
    input: '{ shape: [8] }',
    layers: '[{ dense: { units: 1, activation: softmax } }] # ✗ meaning/single-softmax',
    loss: 'binaryCrossentropy',
    metrics: '',
    fixed: 'activation: sigmoid',
  },
  values(
    'softmax over one unit inside, where attention was meant',
    '[12, 8]',
    `
    - dense: { units: 1, activation: softmax, name: scores } # ✗ meaning/single-softmax
    - multiply: { inputs: [input, scores] }
    - globalAveragePooling1d
    - dense: { units: 1 }`,
  ),
  layers(
    'dropout between the last weights and softmax',
    `
    - flatten
    - dense: { units: 10 }
    - dropout: { rate: 0.5 } # ✗ meaning/dropout-before-output
    - softmax`,
  ),
  layers(
    'gaussian dropout as the output',
    `
    - flatten
    - dense: { units: 10, activation: softmax }
    - gaussianDropout: { rate: 0.5 } # ✗ meaning/dropout-before-output`,
  ),
  values(
    'a rectified prediction',
    '[8]',
    `
    - dense: { units: 16, activation: relu }
    - dense: { units: 1, activation: relu } # ✗ meaning/final-rectifier`,
    '- dense: { units: 1 }\n',
  ),
  values(
    'a prediction through a rectifier layer',
    '[8]',
    `
    - dense: { units: 1 }
    - reLU # ✗ meaning/final-rectifier`,
  ),
  // activations
  layers(
    'softmax behind softmax',
    `
    - flatten
    - dense: { units: 10, activation: softmax }
    - softmax # ✗ meaning/repeated-activation`,
  ),
  layers(
    'sigmoid behind relu',
    `
    - conv2d: { filters: 8, kernelSize: 3, activation: relu }
    - activation: { activation: sigmoid } # ✗ meaning/repeated-activation${classify}`,
  ),
  layers(
    'softmax between dense layers',
    `
    - flatten
    - dense: { units: 32, activation: softmax } # ✗ meaning/hidden-softmax
    - dropout: { rate: 0.2 }
    - dense: { units: 10, activation: softmax }`,
    'units: 32, activation: relu',
  ),
  layers(
    'softmax before batch normalization',
    `
    - conv2d: { filters: 8, kernelSize: 3 }
    - softmax: { axis: -1 } # ✗ meaning/hidden-softmax
    - batchNormalization${classify}`,
  ),
  // what layers can see and learn
  values(
    'a global mean of what sees 9x9 of 64x64',
    '[64, 64, 3]',
    `
    - conv2d: { filters: 8, kernelSize: 5, activation: relu }
    - batchNormalization
    - maxPooling2d: { poolSize: 2 }
    - separableConv2d: { filters: 8, kernelSize: 2, padding: same, activation: relu }
    - zeroPadding2d
    - globalMaxPooling2d # ✗ meaning/receptive-field
    - dense: { units: 1 }`,
  ),
  layers(
    'ones in a hidden kernel',
    `
    - conv2d: { filters: 8, kernelSize: 3, activation: relu, kernelInitializer: ones } # ✗ meaning/constant-kernel${classify}`,
    'activation: relu }',
  ),
  layers(
    'a constant in a hidden kernel',
    `
    - conv2d: { filters: 8, kernelSize: 3, kernelInitializer: { constant: { value: 0.1 } } } # ✗ meaning/constant-kernel
    - reLU${classify}`,
    'kernelSize: 3 }',
  ),
  values(
    'zeros before a rectifier layer',
    '[8]',
    `
    - dense: { units: 8, kernelInitializer: zeros } # ✗ meaning/constant-kernel
    - reLU
    - dense: { units: 1 }`,
    'units: 8 }',
  ),
]
