import * as tf from '@tensorflow/tfjs'
import { type ThresholdOptions } from './counts.run.ts'

/** Whether each unit is correct: 1 above the threshold, else 0 (keras/src/metrics/accuracy_metrics.py, BinaryAccuracy). */
export function binaryAccuracy(
  targets: tf.Tensor,
  predictions: tf.Tensor,
  { threshold = 0.5 }: ThresholdOptions = {},
): tf.Tensor {
  return tf.equal(tf.cast(tf.greater(predictions, threshold), 'float32'), targets)
}
