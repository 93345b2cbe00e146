import * as tf from '@tensorflow/tfjs'

/** |prediction - target| of each unit (keras/src/losses/losses.py, mean_absolute_error). */
export function meanAbsoluteError(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.abs(tf.sub(predictions, targets))
}
