import * as tf from '@tensorflow/tfjs'
import { type Loss } from '../losses/losses.run.ts'
import { mapLogits, type OfLogits } from '../../runtime/training/probabilityLogits.ts'
import { targetsOf } from '../../runtime/training/targets.ts'

/** What is reported beside the loss. A metric keeps a few sums over batches, of which its value is made. */
export interface Metric {
  readonly name: string
  /** How many sums it keeps. */
  readonly size: number

  /**
   * The counts of one batch, which are float32: those that are added to the sums, unless `float64` says otherwise.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   */
  count(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar[]

  /** What is added to the sums in place of the counts, where it is too much for float32. */
  readonly float64?: {
    /** How many counts there are. */
    readonly counts: number
    sums(counts: readonly number[]): readonly number[]
  }

  /** The same metric of the logits that the last layer makes probabilities of. */
  readonly ofLogits?: OfLogits<Metric>

  /** The value, from the sums of the counts over all batches, and the number of samples. */
  result(sums: readonly number[], samples: number): number
}

export interface ThresholdOptions {
  /** A prediction above it counts as 1, for yes; 0.5 by default. */
  readonly threshold?: number
}

export interface TopKOptions {
  /** How many of the largest predictions may hold the class; 5 by default. */
  readonly k?: number
}

/** The mean of a loss over the samples, without what regularizers charge. */
export function lossMetric(loss: Loss): Metric {
  const { name, ofLogits } = loss
  return {
    name,
    ...(ofLogits && { ofLogits: mapLogits(ofLogits, lossMetric) }),
    size: 1,
    count: (labels, predictions) => [tf.mul<tf.Scalar>(loss.compute(labels, predictions), predictions.shape[0] ?? 1)],
    result: meanOverSamples,
  }
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
      if ((predictions.shape.at(-1) ?? 1) > 1) return [countRightClasses(labels, predictions)]
      const predicted = tf.reshape(tf.cast(tf.greater(predictions, 0.5), 'int32'), labels.shape)
      return [countTrue(tf.equal(predicted, toInt32(labels)))]
    },
    result: meanOverSamples,
  }
}

/**
 * The share of single answers, above the threshold or not, that are right, over all units
 * (keras/src/metrics/accuracy_metrics.py, BinaryAccuracy).
 */
export function binaryAccuracy({ threshold = 0.5 }: ThresholdOptions = {}): Metric {
  return {
    name: 'binaryAccuracy',
    size: 1,
    count: (labels, predictions) => {
      const answers = tf.cast(tf.greater(predictions, threshold), 'float32')
      const right = countTrue(tf.equal(answers, targetsOf(labels, predictions)))
      return [right, tf.scalar(predictions.size / (predictions.shape[0] ?? 1))]
    },
    float64: { counts: 2, sums: ([right = 0, units = 1]) => [right / units] },
    result: meanOverSamples,
  }
}

/** The share of samples whose largest prediction is that of the class (keras/src/metrics/accuracy_metrics.py). */
export function categoricalAccuracy(): Metric {
  return { ...classAccuracy(), name: 'categoricalAccuracy' }
}

/** The same number as `categoricalAccuracy`; Keras tells them apart by the form of the labels. */
export function sparseCategoricalAccuracy(): Metric {
  return { ...classAccuracy(), name: 'sparseCategoricalAccuracy' }
}

/**
 * The share of samples whose class is among the k largest predictions: fewer than k others are larger
 * (keras/src/metrics/accuracy_metrics.py, TopKCategoricalAccuracy).
 */
export function topKCategoricalAccuracy({ k = 5 }: TopKOptions = {}): Metric {
  return { ...topAccuracy(k), name: 'topKCategoricalAccuracy' }
}

/** The same number as `topKCategoricalAccuracy`; Keras tells them apart by the form of the labels. */
export function sparseTopKCategoricalAccuracy({ k = 5 }: TopKOptions = {}): Metric {
  return { ...topAccuracy(k), name: 'sparseTopKCategoricalAccuracy' }
}

/**
 * Of the predictions above the threshold, the share that is right, over all entries of the one-hot labels; 0 where
 * there are none (keras/src/metrics/confusion_metrics.py, Precision).
 */
export function precision({ threshold = 0.5 }: ThresholdOptions = {}): Metric {
  return {
    name: 'precision',
    size: 2,
    count: (labels, predictions) => {
      const predicted = tf.greater(predictions, threshold)
      const actual = tf.greater(targetsOf(labels, predictions), 0.5)
      return [countTrue(tf.logicalAnd(predicted, actual)), countTrue(predicted)]
    },
    result: ([truePositives = 0, predictedPositives = 0]) =>
      predictedPositives === 0 ? 0 : truePositives / predictedPositives,
  }
}

/**
 * Of the ones among the one-hot labels, the share that is predicted above the threshold; 0 where there are none
 * (keras/src/metrics/confusion_metrics.py, Recall).
 */
export function recall({ threshold = 0.5 }: ThresholdOptions = {}): Metric {
  return {
    name: 'recall',
    size: 2,
    count: (labels, predictions) => {
      const actual = tf.greater(targetsOf(labels, predictions), 0.5)
      return [countTrue(tf.logicalAnd(tf.greater(predictions, threshold), actual)), countTrue(actual)]
    },
    result: ([truePositives = 0, actualPositives = 0]) => (actualPositives === 0 ? 0 : truePositives / actualPositives),
  }
}

/**
 * 1 - Σ(target - prediction)² / Σ(target - mean target)², over all entries: 1 is perfect, 0 no better than the mean
 * (tf.metrics.r2Score, but over all batches); 0 where all targets are the same. Squares are summed of what each batch's
 * targets differ from their mean, so that targets far from 0 lose no digits, and those of batches put together in float64.
 */
export function r2Score(): Metric {
  return {
    name: 'r2Score',
    size: 4,
    count: (labels, predictions) => {
      const targets = targetsOf(labels, predictions)
      const missed = tf.sum<tf.Scalar>(tf.square(tf.sub(targets, predictions)))
      // Of float32, the mean may be off: what it leaves is counted as well.
      const center = tf.mean<tf.Scalar>(targets)
      const rest = tf.sub(targets, center)
      return [missed, center, tf.sum<tf.Scalar>(rest), tf.sum<tf.Scalar>(tf.square(rest)), tf.scalar(targets.size)]
    },
    float64: {
      counts: 5,
      sums: ([missed = 0, center = 0, rest = 0, squares = 0, entries = 0]) => [
        missed,
        entries * center + rest,
        squares + 2 * center * rest + entries * center ** 2,
        entries,
      ],
    },
    result: ([missed = 0, sum = 0, squares = 0, entries = 0]) => {
      const spread = squares - sum ** 2 / entries
      return spread > 0 ? 1 - missed / spread : 0
    },
  }
}

/** Accuracy of classes, but for the name. */
function classAccuracy(): Omit<Metric, 'name'> {
  return {
    size: 1,
    count: (labels, predictions) => [countRightClasses(labels, predictions)],
    result: meanOverSamples,
  }
}

function topAccuracy(k: number): Omit<Metric, 'name'> {
  return {
    size: 1,
    count: (labels, predictions) => {
      const targets = targetsOf(classesOf(labels, predictions), predictions)
      const ofClass = tf.sum(tf.mul(targets, predictions), -1, true)
      const larger = tf.sum(tf.cast(tf.greater(predictions, ofClass), 'int32'), -1)
      return [countTrue(tf.less(larger, k))]
    },
    result: meanOverSamples,
  }
}

function meanOverSamples(sums: readonly number[], samples: number): number {
  return (sums[0] ?? 0) / samples
}

/** How many of the largest predictions are those of the class. */
function countRightClasses(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return countTrue(tf.equal(tf.argMax(predictions, -1), classesOf(labels, predictions)))
}

/** Of labels that are parts of several classes, the class of the largest part. */
function classesOf(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  return labels.rank === predictions.rank ? tf.argMax(labels, -1) : toInt32(labels)
}

/** Without a cast, which costs a call, where the labels are class indices already. */
function toInt32(labels: tf.Tensor): tf.Tensor {
  return labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32')
}

function countTrue(condition: tf.Tensor): tf.Scalar {
  return tf.sum(tf.cast(condition, 'float32'))
}
