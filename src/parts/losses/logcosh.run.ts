import * as tf from '@tensorflow/tfjs'

/**
 * log(cosh(x)) of each unit for x = prediction - target: about x² / 2 for small x and |x| - log(2) for large x
 * (keras/src/losses/losses.py, log_cosh).
 */
export function logcosh(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const difference = tf.sub(predictions, targets)
  return tf.sub(tf.add(difference, tf.softplus(tf.mul(-2, difference))), Math.log(2))
}
