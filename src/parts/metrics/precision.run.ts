import * as tf from '@tensorflow/tfjs'
import { countTrue, type ThresholdOptions } from './counts.run.ts'

/**
 * The numbers of correct predictions above the threshold and of all predictions above it, over all entries of one-hot
 * targets. Precision is their ratio over all batches (keras/src/metrics/confusion_metrics.py, Precision).
 */
export function precision(
  targets: tf.Tensor,
  predictions: tf.Tensor,
  { threshold = 0.5 }: ThresholdOptions = {},
): tf.Scalar[] {
  const predicted = tf.greater(predictions, threshold)
  const actual = tf.greater(targets, 0.5)
  return [countTrue(tf.logicalAnd(predicted, actual)), countTrue(predicted)]
}
