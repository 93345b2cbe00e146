/** Networks, update rules and batches of the tests of repeated steps. */
import * as tf from '@tensorflow/tfjs'
import { categoricalCrossentropy } from '../../../src/backends/generated/losses.ts'
import { gaussianNoiseLayer } from '../../../src/parts/layers/noise.run.ts'
import { adam } from '../../../src/parts/optimizers/adam.run.ts'
import { momentum } from '../../../src/parts/optimizers/momentum.run.ts'
import { rmsprop } from '../../../src/parts/optimizers/rmsprop.run.ts'
import { sgd } from '../../../src/parts/optimizers/sgd.run.ts'
import { accuracy } from '../../../src/runtime/training/metrics.ts'
import { objectivesOf } from '../../../src/runtime/training/objective.ts'
import { createRandom } from '../../../src/script/random.ts'
import { type UpdateRule } from '../../../src/script/updateRule.ts'

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed })
export const objectives = objectivesOf({ loss: categoricalCrossentropy(), metrics: [accuracy()] })

/** Networks whose steps do different things on the engine. */
export const networks: Readonly<Record<string, () => tf.layers.Layer[]>> = {
  convolution: () => [
    tf.layers.conv2d({
      inputShape: [8, 8, 2],
      filters: 4,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: glorot(1),
    }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }),
  ],
  normalization: () => [
    // Before a normalization a bias has no gradient but rounding, which adam would blow up.
    tf.layers.depthwiseConv2d({
      inputShape: [8, 8, 2],
      kernelSize: 3,
      useBias: false,
      depthwiseInitializer: glorot(1),
    }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.globalAveragePooling2d({}),
    tf.layers.dense({
      units: 3,
      activation: 'softmax',
      kernelInitializer: glorot(2),
      kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
    }),
  ],
  recurrence: () => [
    tf.layers.reshape({ inputShape: [8, 8, 2], targetShape: [8, 16] }),
    tf.layers.gru({ units: 4, kernelInitializer: glorot(1), recurrentInitializer: glorot(2) }),
    tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(3) }),
  ],
  'six axes': () => [
    tf.layers.dense({ inputShape: [8, 8, 2], units: 4, kernelInitializer: glorot(1) }),
    tf.layers.reshape({ targetShape: [4, 2, 4, 2, 4] }),
    tf.layers.activation({ activation: 'softmax' }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(2) }),
  ],
  noise: () => [
    tf.layers.reshape({ inputShape: [8, 8, 2], targetShape: [8, 16] }),
    tf.layers.spatialDropout1d({ rate: 0.2, seed: 1 }),
    gaussianNoiseLayer({ stddev: 0.1, seed: 1 }),
    tf.layers.lstm({ units: 4, dropout: 0.3, kernelInitializer: glorot(1), recurrentInitializer: glorot(2) }),
    tf.layers.dropout({ rate: 0.5, seed: 1 }),
    tf.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: glorot(3) }),
  ],
}

export const rules: Readonly<Record<string, UpdateRule>> = {
  sgd: sgd({ learningRate: 0.1 }),
  momentum: momentum({ learningRate: 0.1 }),
  adam: adam({ learningRate: 0.01 }),
  rmsprop: rmsprop({ learningRate: 0.01 }),
}

/** Batches of noise; the last is smaller. */
export const sizes = [4, 4, 4, 4, 4, 4, 2]

export function drawBatch(size: number, seed: number): [tf.Tensor, tf.Tensor] {
  const random = createRandom(seed)
  const inputs = Float32Array.from({ length: size * 128 }, random)
  const labels = Int32Array.from({ length: size }, () => Math.floor(random() * 3))
  return [tf.tensor(inputs, [size, 8, 8, 2]), tf.tensor1d(labels, 'int32')]
}
