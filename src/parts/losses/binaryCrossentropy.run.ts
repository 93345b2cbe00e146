/** The binary crossentropy of probabilities and of softmax logits. */
import * as tf from '@tensorflow/tfjs'
import { type CrossentropyOptions, logSoftmax, smoothTargets } from './crossentropy.run.ts'

/**
 * -(target * log(p) + (1 - target) * log(1 - p)) of each unit, for predictions p within [1e-7, 1 - 1e-7]
 * (keras/src/backend/tensorflow/nn.py, binary_crossentropy).
 */
export function binaryCrossentropy(
  targets: tf.Tensor,
  predictions: tf.Tensor,
  { labelSmoothing = 0 }: CrossentropyOptions = {},
): tf.Tensor {
  const smoothed = smoothTargets(targets, labelSmoothing, 0.5)
  const probabilities = tf.clipByValue(predictions, 1e-7, 1 - 1e-7)
  const whenOne = tf.neg(tf.log(probabilities))
  const whenZero = tf.neg(tf.log(tf.sub(1, probabilities)))
  return tf.add(tf.mul(smoothed, whenOne), tf.mul(tf.sub(1, smoothed), whenZero))
}

/**
 * The binary crossentropy for p = softmax(logits). For a class with p > 0.5, log(1 - p) is computed as the logarithm of the
 * sum of the other classes, which stays finite.
 */
export function binaryCrossentropyOfSoftmax(
  targets: tf.Tensor,
  logits: tf.Tensor,
  { labelSmoothing = 0 }: CrossentropyOptions = {},
): tf.Tensor {
  const smoothed = smoothTargets(targets, labelSmoothing, 0.5)
  const logarithms = logSoftmax(logits)
  const probabilities = tf.exp(logarithms)
  const likely = tf.customGrad((p) => ({
    value: tf.cast(tf.greater(p as tf.Tensor, 0.5), 'float32'),
    gradFunc: (dy) => tf.zerosLike(dy),
  }))(probabilities)
  const others = tf.sub(logits, tf.mul(likely, 1e30))
  const ofOthers = tf.sub(tf.logSumExp(others, -1, true), tf.logSumExp(logits, -1, true))
  const whenZero = tf.where(
    tf.cast(likely, 'bool'),
    tf.broadcastTo(ofOthers, logits.shape),
    tf.log1p(tf.neg(tf.minimum(probabilities, 0.5))),
  )
  return tf.neg(tf.add(tf.mul(smoothed, logarithms), tf.mul(tf.sub(1, smoothed), whenZero)))
}
