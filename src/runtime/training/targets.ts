import * as tf from '@tensorflow/tfjs'

/**
 * Converts labels to float32 in the shape of the predictions: class indices become one-hot rows for several units, and
 * a column for one unit. Labels that already have the shape keep it.
 */
export function targetsOf(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const units = predictions.shape.at(-1) ?? 1
  if (labels.rank === predictions.rank) return tf.cast(labels, 'float32')
  if (units === 1) return tf.reshape(tf.cast(labels, 'float32'), predictions.shape)
  // With the dtype float32, `oneHot` of the wasm backend of tfjs 4.22 writes the bits of integers.
  return tf.cast(tf.oneHot(labels, units), 'float32')
}
