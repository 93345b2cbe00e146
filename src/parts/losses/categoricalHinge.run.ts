import * as tf from '@tensorflow/tfjs'

/**
 * max(0, 1 + max((1 - target) * prediction) - sum(target * prediction)) of each sample: the true class should lead by 1
 * (keras/src/losses/losses.py, categorical_hinge).
 */
export function categoricalHinge(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const own = tf.sum(tf.mul(targets, predictions), -1)
  const others = tf.max(tf.mul(tf.sub(1, targets), predictions), -1)
  return tf.relu(tf.add(1, tf.sub(others, own)))
}
