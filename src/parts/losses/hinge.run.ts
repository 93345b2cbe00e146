import * as tf from '@tensorflow/tfjs'

/**
 * max(0, 1 - target * prediction) of each unit, for targets -1 and 1 (keras/src/losses/losses.py, hinge). A target of 0
 * counts as -1.
 */
export function hinge(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const sides = tf.sub(targets, tf.cast(tf.equal(targets, 0), 'float32'))
  return tf.relu(tf.sub(1, tf.mul(sides, predictions)))
}
