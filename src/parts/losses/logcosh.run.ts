import * as tf from '@tensorflow/tfjs'

/**
 * log(cosh(x)) of x = prediction - target, of each unit: x² / 2 where small, |x| - log(2) where large
 * (keras/src/losses/losses.py, log_cosh).
 */
export function logcosh(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const difference = tf.sub(predictions, targets)
  return tf.sub(tf.add(difference, tf.softplus(tf.mul(-2, difference))), Math.log(2))
}
