/** Names of Keras and PyTorch lead to those of tf.layers, and `--fix` writes them. */
import { expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { applyFixes } from '../../../src/fixes.ts'

const image = '[8, 8, 3]'
const steps = '[8, 3]'

it.each([
  [steps, 'nn.Conv1d: { out_channels: 4, kernel_size: 3 }', 'conv1d: { filters: 4, kernelSize: 3 }'],
  [
    image,
    'ConvTranspose2d: { filters: 4, kernel_size: 3, stride: 2 }',
    'conv2dTranspose: { filters: 4, kernelSize: 3, strides: 2 }',
  ],
  [image, 'nn.MaxPool2d: { kernel_size: 2 }', 'maxPooling2d: { poolSize: 2 }'],
  [image, 'MinPool2D: { pool_size: 2 }', 'minPooling2d: { poolSize: 2 }'],
  [image, 'nn.MinPool: { kernel_size: 2 }', 'minPooling2d: { poolSize: 2 }'],
  [steps, 'GlobalMaxPool1D', 'globalMaxPooling1d'],
  [image, 'GlobalMaxPool2D', 'globalMaxPooling2d'],
  [image, 'Upsample: { scale_factor: 2, mode: nearest }', 'upSampling2d: { size: 2, interpolation: nearest }'],
  [image, 'UpSampling2D', 'upSampling2d'],
  [image, 'Cropping2d: { crop: 1 }', 'cropping2D: { cropping: 1 }'],
  [image, 'nn.ReLU', 'reLU'],
  [image, 'relu', 'reLU'],
  [image, 'LeakyReLU: { negative_slope: 0.1 }', 'leakyReLU: { alpha: 0.1 }'],
  [image, 'nn.LayerNorm', 'layerNormalization: { epsilon: 0.00001 }'],
  [image, 'nn.BatchNorm2d', 'batchNormalization: { momentum: 0.9, epsilon: 0.00001 }'],
  [steps, 'nn.LSTM: { hidden_size: 4 }', 'lstm: { units: 4 }'],
  [steps, 'SimpleRnn: { units: 4 }', 'simpleRNN: { units: 4 }'],
  [steps, 'Bidirectional: { layer: { nn.GRU: { units: 4 } } }', 'bidirectional: { layer: { gru: { units: 4 } } }'],
  [steps, 'rnn: { cells: { GRUCell: { units: 4 } } }', 'rnn: { cell: { gruCell: { units: 4 } } }'],
  ['[8]', 'nn.Embedding: { num_embeddings: 9, embedding_dim: 4 }', 'embedding: { inputDim: 9, outputDim: 4 }'],
  ['[8]', 'Reshape: { shape: [4, 2] }', 'reshape: { targetShape: [4, 2] }'],
  ['[8]', 'RepeatVector: { times: 2 }', 'repeatVector: { "n": 2 }'],
  [
    image,
    'depthwiseConv2d: { kernelSize: 3, kernelInitializer: zeros }',
    'depthwiseConv2d: { kernelSize: 3, depthwiseInitializer: zeros }',
  ],
])('%s: %s is %s', (shape, written, meant) => {
  const text = `name: t\nlayers:\n  - input: { shape: ${shape} }\n  - ${written}\n`
  expect(applyFixes(text, (changed) => checkText(changed, 't.yaml')).text).toContain(`- ${meant}\n`)
})

it.each([
  ['Add', 'add'],
  ['concat', 'concatenate'],
  ['cat', 'concatenate'],
  ['matmul', 'dot: { axes: -1 }'],
])('%s of two inputs is %s', (written, meant) => {
  const layers = `  - input: { name: a, shape: [4] }\n  - input: { name: b, shape: [4] }\n`
  const options = meant.includes('axes') ? '{ inputs: [a, b], axes: -1 }' : '{ inputs: [a, b] }'
  const { text } = applyFixes(`name: t\nlayers:\n${layers}  - ${written}: ${options}\n`, (changed) =>
    checkText(changed, 't.yaml'),
  )
  expect(text).toContain(`- ${meant.split(':')[0]}: ${options}`)
})
