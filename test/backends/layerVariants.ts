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
}
