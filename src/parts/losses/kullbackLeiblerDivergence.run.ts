import * as tf from '@tensorflow/tfjs'

/**
 * target * log(target / prediction), summed over the units of each sample, with both clipped to [1e-7, 1] in the logarithm
 * (keras/src/losses/losses.py, kl_divergence).
 */
export function kullbackLeiblerDivergence(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return divergenceOfLogarithms(targets, tf.log(tf.clipByValue(predictions, 1e-7, 1)))
}

/** The divergence from logarithms of the predictions, without clipping these: exact if they come from logits. */
export function divergenceOfLogarithms(targets: tf.Tensor, logarithms: tf.Tensor): tf.Tensor {
  const ratio = tf.sub(tf.log(tf.clipByValue(targets, 1e-7, 1)), logarithms)
  return tf.sum(tf.mul(targets, ratio), -1)
}
