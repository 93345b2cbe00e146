import * as tf from '@tensorflow/tfjs'

export interface HuberOptions {
  /** The difference at which the loss changes from quadratic to linear; 1 by default. */
  readonly delta?: number
}

/** x² / 2 of each unit's difference x if |x| <= delta, otherwise delta * (|x| - delta / 2) (tf.losses.huberLoss). */
export function huberLoss(targets: tf.Tensor, predictions: tf.Tensor, { delta = 1 }: HuberOptions = {}): tf.Tensor {
  const size = tf.abs(tf.sub(predictions, targets))
  const squared = tf.minimum(size, delta)
  return tf.add(tf.mul(0.5, tf.square(squared)), tf.mul(delta, tf.sub(size, squared)))
}
