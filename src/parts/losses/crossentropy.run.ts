/** What the crossentropies share. */
import * as tf from '@tensorflow/tfjs'

export interface CrossentropyOptions {
  /** How far targets of 0 and 1 are moved towards 1 / classes, or 0.5 where each unit is a yes or no; 0 by default. */
  readonly labelSmoothing?: number
}

/** Targets moved towards a value, by a part of the way. */
export function smoothTargets(targets: tf.Tensor, part: number, towards: number): tf.Tensor {
  return part === 0 ? targets : tf.add(tf.mul(targets, 1 - part), part * towards)
}

/** log(softmax(x)) along the last axis. */
export function logSoftmax(logits: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, -1, true))
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)))
}
