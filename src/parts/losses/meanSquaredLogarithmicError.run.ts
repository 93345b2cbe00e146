import * as tf from '@tensorflow/tfjs'

/**
 * (log(1 + prediction) - log(1 + target))² of each unit, with both clipped to at least 1e-7
 * (keras/src/losses/losses.py, mean_squared_logarithmic_error).
 */
export function meanSquaredLogarithmicError(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const logarithm = (x: tf.Tensor) => tf.log(tf.add(1, tf.clipByValue(x, 1e-7, Number.POSITIVE_INFINITY)))
  return tf.square(tf.sub(logarithm(predictions), logarithm(targets)))
}
