/** Specs whose layers a script links from the runtime. */
import type { Variant } from './variants.ts'

export const layerVariants: Readonly<Record<string, Variant>> = {
  // A backbone that stays as it is, normalization and all.
  frozen: {
    backend: 'wasm',
    spec: `
name: frozen
dataset: mnist
layers:
  - conv2d: { filters: 4, kernelSize: 3, strides: 3, trainable: false, kernelRegularizer: l2 }
  - batchNormalization: { trainable: false }
  - activation: { activation: relu }
  - batchNormalization: { axis: 1 }
  - flatten
  - dense: { units: 10, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 1, batchSize: 16, seed: 7 }`,
  },
  // Layers that tf.layers lacks or computes otherwise.
  linkedLayers: {
    backend: 'wasm',
    spec: `
name: linked-layers
dataset: mnist
layers:
  - centerCrop: { height: 24, width: 24 }
  - depthwiseConv2d: { kernelSize: 3, depthMultiplier: 2, dilationRate: 2, padding: same }
  - elu: { alpha: 0.5 }
  - maxPooling2d: { poolSize: 4 }
  - conv2dTranspose: { filters: 2, kernelSize: 2, dilationRate: 2, activityRegularizer: { l2: { l2: 0.01 } } }
  - softmax: { axis: 2 }
  - thresholdedReLU: { theta: 0.05 }
  - reshape: { targetShape: [4, 4, 4, 2] }
  - conv3d: { filters: 2, kernelSize: 1, strides: 2, padding: same }
  - conv3dTranspose: { filters: 2, kernelSize: 2 }
  - batchNormalization: { trainable: false }
  - maxPooling3d: { poolSize: 1, strides: 2, padding: same }
  - averagePooling3d: { poolSize: 1, strides: 2, padding: same }
  - reshape: { targetShape: [1, 2] }
  - conv1d: { filters: 3, kernelSize: 2, padding: causal }
  - masking
  - gru: { units: 4, resetAfter: true, dropout: 0.2, recurrentDropout: 0.1, returnSequences: true, recurrentRegularizer: l2 }
  - bidirectional: { layer: { gru: { units: 3, resetAfter: true, returnSequences: true } } }
  - rnn: { cell: { gruCell: { units: 3, resetAfter: true } } }
  - dense: { units: 10, activation: softmax, activityRegularizer: l1 }
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 1, batchSize: 16, seed: 7 }`,
  },
}
