/** Label smoothing and log-softmax, which the crossentropies share. */
import * as tf from '@tensorflow/tfjs'

export interface CrossentropyOptions {
  /** The fraction by which targets move towards 1 / classes, or towards 0.5 for binary units; 0 by default. */
  readonly labelSmoothing?: number
}

/** Moves targets towards a value by a fraction of the distance. */
export function smoothTargets(targets: tf.Tensor, part: number, towards: number): tf.Tensor {
  return part === 0 ? targets : tf.add(tf.mul(targets, 1 - part), part * towards)
}

/** log(softmax(x)) along the last axis. */
export function logSoftmax(logits: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, -1, true))
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)))
}
