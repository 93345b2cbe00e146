/** What metrics share that count, and divide only in the end. */
import * as tf from '@tensorflow/tfjs'

export interface ThresholdOptions {
  /** A prediction above it counts as 1, for yes; 0.5 by default. */
  readonly threshold?: number
}

export function countTrue(condition: tf.Tensor): tf.Scalar {
  return tf.sum(tf.cast(condition, 'float32'))
}

/** A part of a whole; 0 where there is none. */
export function ratio([part = 0, whole = 0]: readonly number[]): number {
  return whole === 0 ? 0 : part / whole
}
