import * as tf from '@tensorflow/tfjs'
import { targetsOf } from './targets.ts'

/** What training makes small. */
export interface Loss {
  readonly name: string

  /**
   * The mean over the batch.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   */
  compute(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar
}

/**
 * -sum(target * log(p)) over the classes, where p are the predicted probabilities, divided by their sum and kept within
 * [1e-7, 1 - 1e-7] (keras/src/backend/tensorflow/nn.py, categorical_crossentropy).
 */
export function categoricalCrossentropy(): Loss {
  return { name: 'categoricalCrossentropy', compute: crossentropyOfProbabilities }
}

/** The same number as `categoricalCrossentropy`; Keras tells them apart by the form of the labels. */
export function sparseCategoricalCrossentropy(): Loss {
  return { name: 'sparseCategoricalCrossentropy', compute: crossentropyOfProbabilities }
}

/**
 * -(target * log(p) + (1 - target) * log(1 - p)), mean over the units, with p kept within [1e-7, 1 - 1e-7]
 * (keras/src/backend/tensorflow/nn.py, binary_crossentropy). With one unit the labels are 0 and 1.
 */
export function binaryCrossentropy(): Loss {
  return {
    name: 'binaryCrossentropy',
    compute: (labels, predictions) =>
      tf.tidy(() => {
        const targets = targetsOf(labels, predictions)
        const probabilities = tf.clipByValue(predictions, 1e-7, 1 - 1e-7)
        const whenOne = tf.mul(targets, tf.log(probabilities))
        const whenZero = tf.mul(tf.sub(1, targets), tf.log(tf.sub(1, probabilities)))
        return tf.neg(tf.mean(tf.add(whenOne, whenZero)))
      }),
  }
}

/** The square of prediction - target, mean over the units (keras/src/losses/losses.py, mean_squared_error). */
export function meanSquaredError(): Loss {
  return {
    name: 'meanSquaredError',
    compute: (labels, predictions) =>
      tf.tidy(() => tf.mean(tf.square(tf.sub(predictions, targetsOf(labels, predictions))))),
  }
}

function crossentropyOfProbabilities(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const targets = targetsOf(labels, predictions)
    const normalized = tf.div(predictions, tf.sum(predictions, -1, true))
    const probabilities = tf.clipByValue(normalized, 1e-7, 1 - 1e-7)
    return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.log(probabilities)), -1)))
  })
}
