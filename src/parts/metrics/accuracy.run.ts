import * as tf from '@tensorflow/tfjs'

/**
 * Whether the largest prediction of each sample is that of its class (keras/src/metrics/accuracy_metrics.py).
 *
 * @param classes int32 [batch]
 */
export function accuracy(classes: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.equal(tf.argMax(predictions, -1), classes)
}
