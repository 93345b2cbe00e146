import * as tf from '@tensorflow/tfjs'
import { targetsOf } from './targets.ts'

/**
 * What is reported beside the loss. A metric adds up a few counts over batches, on the engine; its value is made from
 * the sums when somebody looks.
 */
export interface Metric {
  readonly name: string
  /** How many counts it keeps. */
  readonly size: number

  /**
   * The counts of one batch, `size` of them.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   */
  count(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar[]

  /** The value, from the sums of the counts over all batches, and the number of samples. */
  result(sums: readonly number[], samples: number): number
}

/**
 * The share of samples whose class is right: the class of the largest prediction, or with one unit, whether it is
 * above 0.5 (keras/src/metrics/accuracy_metrics.py).
 */
export function accuracy(): Metric {
  return {
    name: 'accuracy',
    size: 1,
    count: (labels, predictions) => {
      const units = predictions.shape.at(-1) ?? 1
      const classes = labels.rank === predictions.rank && units > 1 ? tf.argMax(labels, -1) : toInt32(labels)
      const predicted =
        units === 1
          ? tf.reshape(tf.cast(tf.greater(predictions, 0.5), 'int32'), classes.shape)
          : tf.argMax(predictions, -1)
      return [countTrue(tf.equal(predicted, classes))]
    },
    result: ([right = 0], samples) => right / samples,
  }
}

/**
 * Of the predictions above 0.5, the share that is right, over all entries of the one-hot labels; 0 where there are none
 * (keras/src/metrics/confusion_metrics.py, Precision).
 */
export function precision(): Metric {
  return {
    name: 'precision',
    size: 2,
    count: (labels, predictions) => {
      const predicted = tf.greater(predictions, 0.5)
      const actual = tf.greater(targetsOf(labels, predictions), 0.5)
      return [countTrue(tf.logicalAnd(predicted, actual)), countTrue(predicted)]
    },
    result: ([truePositives = 0, predictedPositives = 0]) =>
      predictedPositives === 0 ? 0 : truePositives / predictedPositives,
  }
}

/**
 * Of the ones among the one-hot labels, the share that is predicted above 0.5; 0 where there are none
 * (keras/src/metrics/confusion_metrics.py, Recall).
 */
export function recall(): Metric {
  return {
    name: 'recall',
    size: 2,
    count: (labels, predictions) => {
      const actual = tf.greater(targetsOf(labels, predictions), 0.5)
      return [countTrue(tf.logicalAnd(tf.greater(predictions, 0.5), actual)), countTrue(actual)]
    },
    result: ([truePositives = 0, actualPositives = 0]) => (actualPositives === 0 ? 0 : truePositives / actualPositives),
  }
}

/** Without a cast, which costs a call, where the labels are class indices already. */
function toInt32(labels: tf.Tensor): tf.Tensor {
  return labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32')
}

function countTrue(condition: tf.Tensor): tf.Scalar {
  return tf.sum(tf.cast(condition, 'float32'))
}
