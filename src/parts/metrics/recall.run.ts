import * as tf from '@tensorflow/tfjs'
import { countTrue, type ThresholdOptions } from './counts.run.ts'

/**
 * How many of the ones among one-hot targets are predicted above the threshold, and how many there are: recall is their
 * ratio over all batches (keras/src/metrics/confusion_metrics.py, Recall).
 */
export function recall(
  targets: tf.Tensor,
  predictions: tf.Tensor,
  { threshold = 0.5 }: ThresholdOptions = {},
): tf.Scalar[] {
  const actual = tf.greater(targets, 0.5)
  return [countTrue(tf.logicalAnd(tf.greater(predictions, threshold), actual)), countTrue(actual)]
}
