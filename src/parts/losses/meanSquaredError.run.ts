import * as tf from '@tensorflow/tfjs'

/** (prediction - target)² of each unit (keras/src/losses/losses.py, mean_squared_error). */
export function meanSquaredError(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.square(tf.sub(predictions, targets))
}
