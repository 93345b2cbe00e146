/** Counts and ratios, which metrics such as precision share. */
import * as tf from '@tensorflow/tfjs'

export interface ThresholdOptions {
  /** Predictions above it are positive; 0.5 by default. */
  readonly threshold?: number
}

export function countTrue(condition: tf.Tensor): tf.Scalar {
  return tf.sum(tf.cast(condition, 'float32'))
}

/** A part divided by its whole; 0 if the whole is 0. */
export function ratio([part = 0, whole = 0]: readonly number[]): number {
  return whole === 0 ? 0 : part / whole
}
