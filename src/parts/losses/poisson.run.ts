import * as tf from '@tensorflow/tfjs'

/** prediction - target * log(prediction + 1e-7) of each unit (keras/src/losses/losses.py, poisson). */
export function poisson(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.sub(predictions, tf.mul(targets, tf.log(tf.add(predictions, 1e-7))))
}
