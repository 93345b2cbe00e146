import * as tf from '@tensorflow/tfjs'

/**
 * Checks after a step that the loss and the weights are finite.
 *
 * @throws Error if they are not: no later step can repair the weights.
 */
export function requireFinite(loss: number, model: tf.LayersModel, step: number): void {
  if (Number.isFinite(loss) && areFinite(model.weights.map((weight) => weight.read()))) return
  const what = Number.isFinite(loss) ? 'The weights became NaN or infinite' : `The loss became ${loss}`
  throw new Error(`${what} in step ${step + 1}: lower the learning rate, for example to a tenth`)
}

/** Returns 0 if all values are finite, otherwise NaN: 0 · x is 0 if x is finite. */
export function zeroIfFinite(tensors: readonly tf.Tensor[]): tf.Tensor {
  return tf.tidy(() => tf.addN([tf.scalar(0), ...tensors.map((one) => tf.sum(tf.mul(tf.cast(one, 'float32'), 0)))]))
}

/** Reads from the engine only once. */
function areFinite(tensors: readonly tf.Tensor[]): boolean {
  const sum = zeroIfFinite(tensors)
  const isFinite = sum.dataSync()[0] === 0
  sum.dispose()
  return isFinite
}
