import * as tf from '@tensorflow/tfjs'

/**
 * Minus the cosine of the angle between prediction and target of each sample: -1 where they point the same way
 * (keras/src/losses/losses.py, cosine_similarity).
 */
export function cosineProximity(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(unitVectors(targets), unitVectors(predictions)), -1))
}

/** Each vector along the last axis with length 1; one shorter than sqrt(1e-7) stays shorter. */
function unitVectors(vectors: tf.Tensor): tf.Tensor {
  const squares = tf.sum(tf.square(vectors), -1, true)
  return tf.div(vectors, tf.sqrt(tf.maximum(squares, 1e-7)))
}
