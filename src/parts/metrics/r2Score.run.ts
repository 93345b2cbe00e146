import * as tf from '@tensorflow/tfjs'

/**
 * What a batch counts for in `r2Score`. Squares are summed of what the targets differ from their mean, so that targets far
 * from 0 lose no digits.
 */
export function r2Counts(targets: tf.Tensor, predictions: tf.Tensor): tf.Scalar[] {
  const missed = tf.sum<tf.Scalar>(tf.square(tf.sub(targets, predictions)))
  // A mean in float32 may be off: what it leaves is counted as well.
  const center = tf.mean<tf.Scalar>(targets)
  const rest = tf.sub(targets, center)
  return [missed, center, tf.sum<tf.Scalar>(rest), tf.sum<tf.Scalar>(tf.square(rest)), tf.scalar(targets.size)]
}

/** What of a batch is added up, in float64: the missed squares, the targets, their squares and their number. */
export function r2Sums([missed = 0, center = 0, rest = 0, squares = 0, entries = 0]: readonly number[]): number[] {
  return [missed, entries * center + rest, squares + 2 * center * rest + entries * center ** 2, entries]
}

/**
 * 1 - Σ(target - prediction)² / Σ(target - mean target)² over all entries, from the sums of all batches
 * (tf.metrics.r2Score): 1 is perfect, 0 no better than the mean of all targets, or that they are all the same.
 */
export function r2Score([missed = 0, total = 0, squares = 0, entries = 0]: readonly number[]): number {
  const spread = squares - total ** 2 / entries
  return spread > 0 ? 1 - missed / spread : 0
}
