import * as tf from '@tensorflow/tfjs'

/**
 * The labels as float32 of the predictions' shape: class indices become one-hot rows for several units, and a column
 * for one unit. Labels that have the shape already stay as they are.
 */
export function targetsOf(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const units = predictions.shape.at(-1) ?? 1
  if (labels.rank === predictions.rank) return tf.cast(labels, 'float32')
  if (units === 1) return tf.reshape(tf.cast(labels, 'float32'), predictions.shape)
  // Asked for float32, the wasm backend of tfjs 4.22 writes the bits of integers.
  return tf.cast(tf.oneHot(labels, units), 'float32')
}
