import * as tf from '@tensorflow/tfjs'
import { type CrossentropyOptions, smoothTargets } from './crossentropy.run.ts'

/**
 * -sum(target * log(p)) of each sample, where p is prediction / sum of predictions, clipped to [1e-7, 1 - 1e-7]
 * (keras/src/backend/tensorflow/nn.py, categorical_crossentropy).
 */
export function categoricalCrossentropy(
  targets: tf.Tensor,
  predictions: tf.Tensor,
  { labelSmoothing = 0 }: CrossentropyOptions = {},
): tf.Tensor {
  const smoothed = smoothTargets(targets, labelSmoothing, 1 / predictions.shape.at(-1)!)
  const shares = tf.clipByValue(tf.div(predictions, tf.sum(predictions, -1, true)), 1e-7, 1 - 1e-7)
  return tf.neg(tf.sum(tf.mul(smoothed, tf.log(shares)), -1))
}
