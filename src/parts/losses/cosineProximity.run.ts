import * as tf from '@tensorflow/tfjs'

/**
 * The negative cosine of the angle between prediction and target of each sample: -1 if they have the same direction
 * (keras/src/losses/losses.py, cosine_similarity).
 */
export function cosineProximity(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(unitVectors(targets), unitVectors(predictions)), -1))
}

/** Scales vectors along the last axis to length 1, or by 1 / sqrt(1e-7) if they are shorter than sqrt(1e-7). */
function unitVectors(vectors: tf.Tensor): tf.Tensor {
  const squares = tf.sum(tf.square(vectors), -1, true)
  return tf.div(vectors, tf.sqrt(tf.maximum(squares, 1e-7)))
}
