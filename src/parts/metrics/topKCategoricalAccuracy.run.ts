import * as tf from '@tensorflow/tfjs'

export interface TopKOptions {
  /** The number of largest predictions that may include the class; 5 by default. */
  readonly k?: number
}

/**
 * Whether the class of each sample is among the k largest predictions: fewer than k others are larger
 * (keras/src/metrics/accuracy_metrics.py, TopKCategoricalAccuracy).
 *
 * @param targets One-hot, with the shape of the predictions.
 */
export function topKCategoricalAccuracy(
  targets: tf.Tensor,
  predictions: tf.Tensor,
  { k = 5 }: TopKOptions = {},
): tf.Tensor {
  const ofClass = tf.sum(tf.mul(targets, predictions), -1, true)
  return tf.less(tf.sum(tf.cast(tf.greater(predictions, ofClass), 'int32'), -1), k)
}
