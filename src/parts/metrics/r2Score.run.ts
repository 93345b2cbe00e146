import * as tf from '@tensorflow/tfjs'

/**
 * The counts of a batch for `r2Score`. Targets are summed and squared relative to their mean, so targets far from 0 lose no
 * precision.
 */
export function r2Counts(targets: tf.Tensor, predictions: tf.Tensor): tf.Scalar[] {
  const missed = tf.sum<tf.Scalar>(tf.square(tf.sub(targets, predictions)))
  // The float32 mean is not exact, so the sum of the remainders is counted too.
  const center = tf.mean<tf.Scalar>(targets)
  const rest = tf.sub(targets, center)
  return [missed, center, tf.sum<tf.Scalar>(rest), tf.sum<tf.Scalar>(tf.square(rest)), tf.scalar(targets.size)]
}

/** The float64 sums of a batch: of squared errors, of targets, of squared targets, and the number of targets. */
export function r2Sums([missed = 0, center = 0, rest = 0, squares = 0, entries = 0]: readonly number[]): number[] {
  return [missed, entries * center + rest, squares + 2 * center * rest + entries * center ** 2, entries]
}

/**
 * 1 - Σ(target - prediction)² / Σ(target - mean target)² over all entries, from the sums of all batches
 * (tf.metrics.r2Score): 1 is perfect; 0 is no better than the mean of all targets, or all targets are equal.
 */
export function r2Score([missed = 0, total = 0, squares = 0, entries = 0]: readonly number[]): number {
  const spread = squares - total ** 2 / entries
  return spread > 0 ? 1 - missed / spread : 0
}
