import * as tf from '@tensorflow/tfjs'

/** 100 * |(target - prediction) / target| of each unit (keras/src/losses/losses.py, mean_absolute_percentage_error). */
export function meanAbsolutePercentageError(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.mul(100, relativeError(targets, predictions))
}

/** |(target - prediction) / target| of each unit, with |target| clipped to at least 1e-7. */
export function relativeError(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const sizes = tf.clipByValue(tf.abs(targets), 1e-7, Number.POSITIVE_INFINITY)
  return tf.abs(tf.div(tf.sub(targets, predictions), sizes))
}
