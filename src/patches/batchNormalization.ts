/**
 * Normalizes a batch in training by the kernel `BatchNormTraining`, and differentiates it by `BatchNormTrainingGrad`, on
 * backends that have them. The stock layer takes a dozen operations for the first and twice as many for the second.
 *
 * Upstream: none; normalizeBatchInTraining in normalization.ts of tfjs-layers is correct, but composed of many operations
 * Test: test/patches/batchNormalization.test.ts
 * Until: tfjs-layers runs a single kernel in each direction
 */
import * as tf from '@tensorflow/tfjs'

/** What the kernel `BatchNormTraining` takes. The channels are the last axis of `x`, which has at most four. */
export interface BatchNormTrainingInputs {
  readonly x: tf.TensorInfo
  readonly gamma: tf.TensorInfo
  readonly beta: tf.TensorInfo
}

/**
 * What the kernel `BatchNormTrainingGrad` takes: inputs and outputs of `BatchNormTraining`, which returns y, the mean of each
 * channel, its biased variance, and one more tensor (`saved`) for the gradient, of the backend's choice.
 */
export interface BatchNormTrainingGradInputs extends Omit<BatchNormTrainingInputs, 'beta'> {
  readonly dy: tf.TensorInfo
  readonly mean: tf.TensorInfo
  readonly variance: tf.TensorInfo
  readonly saved: tf.TensorInfo
}

/** The properties that are read from a layer; `gamma` and `beta` are missing without `scale` and `center`. */
interface BatchNormalization extends tf.layers.Layer {
  readonly axis: number
  readonly epsilon: number
  readonly momentum: number
  readonly gamma?: { read(): tf.Tensor }
  readonly beta?: { read(): tf.Tensor }
  readonly movingMean: MovingAverage
  readonly movingVariance: MovingAverage
}

interface MovingAverage {
  read(): tf.Tensor
  write(value: tf.Tensor): unknown
}

/** Replaces `call` of all layers of this class, and registers the gradient. Idempotent. */
export function fuseBatchNormalization(): void {
  if (tf.getGradient('BatchNormTraining')) return
  registerGradient()
  // The name keeps the layer from taking one of the automatic names.
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization({ name: 'prototype' })) as BatchNormalization
  const { call } = prototype
  prototype.call = function (this: BatchNormalization, tensors, settings) {
    const x = Array.isArray(tensors) ? tensors[0]! : tensors
    const { gamma, beta } = this
    if (settings?.['training'] !== true || !gamma || !beta || !canFuse(this, x))
      return call.call(this, tensors, settings)
    return tf.tidy(() => normalize(this, { x, gamma: gamma.read(), beta: beta.read() }))
  }
}

function canFuse({ axis }: BatchNormalization, { rank }: tf.Tensor): boolean {
  const isLast = axis === -1 || axis === rank - 1
  return isLast && rank <= 4 && tf.getKernel('BatchNormTraining', tf.getBackend()) !== undefined
}

function normalize(layer: BatchNormalization, inputs: BatchNormTrainingInputs): tf.Tensor {
  const { epsilon, momentum, movingMean, movingVariance } = layer
  const [y, mean, variance] = runKernel('BatchNormTraining', inputs, { epsilon })
  updateAverage(movingMean, mean!, momentum)
  updateAverage(movingVariance, variance!, momentum)
  return y!
}

/** The formula of the stock layer. */
function updateAverage(average: MovingAverage, value: tf.Tensor, momentum: number): void {
  const before = average.read()
  average.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)))
}

function registerGradient(): void {
  tf.registerGradient({
    kernelName: 'BatchNormTraining',
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, true, true, true],
    gradFunc: (dys, [x, gamma, mean, variance, saved], attrs) => {
      const inputs = { x, dy: (dys as tf.Tensor[])[0], gamma, mean, variance, saved } as BatchNormTrainingGradInputs
      const [dx, dgamma, dbeta] = runKernel('BatchNormTrainingGrad', inputs, attrs)
      return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! }
    },
  })
}

function runKernel(name: string, inputs: object, attrs: tf.NamedAttrMap): tf.Tensor[] {
  return tf.engine().runKernel(name, inputs as tf.NamedTensorMap, attrs) as tf.Tensor[]
}
