import * as tf from '@tensorflow/tfjs'
import { countTrue, type ThresholdOptions } from './counts.run.ts'

/**
 * The numbers of ones in one-hot targets that are predicted above the threshold, and of all ones. Recall is their ratio
 * over all batches (keras/src/metrics/confusion_metrics.py, Recall).
 */
export function recall(
  targets: tf.Tensor,
  predictions: tf.Tensor,
  { threshold = 0.5 }: ThresholdOptions = {},
): tf.Scalar[] {
  const actual = tf.greater(targets, 0.5)
  return [countTrue(tf.logicalAnd(tf.greater(predictions, threshold), actual)), countTrue(actual)]
}
