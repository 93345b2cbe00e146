/** Every metric by name, as training uses it: the formulas of `src/parts/metrics`, counted batch by batch. */
import * as tf from '@tensorflow/tfjs'
import * as ofClasses from '../../parts/metrics/accuracy.run.ts'
import * as ofUnits from '../../parts/metrics/binaryAccuracy.run.ts'
import { countTrue, ratio, type ThresholdOptions } from '../../parts/metrics/counts.run.ts'
import * as ofPositives from '../../parts/metrics/precision.run.ts'
import * as variance from '../../parts/metrics/r2Score.run.ts'
import * as ofOnes from '../../parts/metrics/recall.run.ts'
import * as ofLargest from '../../parts/metrics/topKCategoricalAccuracy.run.ts'
import { type Loss } from './loss.ts'
import { type Metric } from './metric.ts'
import { mapLogits } from './probabilityLogits.ts'
import { targetsOf } from './targets.ts'

/** The mean of a loss over the samples, without regularization penalties. */
export function lossMetric(loss: Loss): Metric {
  const { name, ofLogits } = loss
  return {
    ...meanMetric(name, (labels, predictions) =>
      tf.mul<tf.Scalar>(loss.compute(labels, predictions), predictions.shape[0] ?? 1),
    ),
    ...(ofLogits && { ofLogits: mapLogits(ofLogits, lossMetric) }),
  }
}

/** The share of samples whose class is right; with one unit, the share of samples on the right side of 0.5. */
export function accuracy(): Metric {
  return meanMetric('accuracy', (labels, predictions) => {
    const isOne = (predictions.shape.at(-1) ?? 1) === 1
    if (!isOne) return countRightClasses(labels, predictions)
    return countTrue(ofUnits.binaryAccuracy(targetsOf(labels, predictions), predictions))
  })
}

/** The share of units that are right. */
export function binaryAccuracy(options: ThresholdOptions = {}): Metric {
  return {
    name: 'binaryAccuracy',
    size: 1,
    count: (labels, predictions) => {
      const right = countTrue(ofUnits.binaryAccuracy(targetsOf(labels, predictions), predictions, options))
      return [right, tf.scalar(predictions.size / (predictions.shape[0] ?? 1))]
    },
    float64: { counts: 2, sums: ([right = 0, units = 1]) => [right / units] },
    result: meanOverSamples,
  }
}

export const categoricalAccuracy = (): Metric => meanMetric('categoricalAccuracy', countRightClasses)

/** Equals `categoricalAccuracy`; Keras distinguishes them by the form of the labels. */
export const sparseCategoricalAccuracy = (): Metric => meanMetric('sparseCategoricalAccuracy', countRightClasses)

export function topKCategoricalAccuracy(options: ofLargest.TopKOptions = {}): Metric {
  return meanMetric('topKCategoricalAccuracy', (labels, predictions) => {
    const targets = targetsOf(classesOf(labels, predictions), predictions)
    return countTrue(ofLargest.topKCategoricalAccuracy(targets, predictions, options))
  })
}

/** Equals `topKCategoricalAccuracy`; Keras distinguishes them by the form of the labels. */
export function sparseTopKCategoricalAccuracy(options: ofLargest.TopKOptions = {}): Metric {
  return { ...topKCategoricalAccuracy(options), name: 'sparseTopKCategoricalAccuracy' }
}

export function precision(options: ThresholdOptions = {}): Metric {
  const count = (targets: tf.Tensor, predictions: tf.Tensor) => ofPositives.precision(targets, predictions, options)
  return { name: 'precision', size: 2, count: ofTargets(count), result: ratio }
}

export function recall(options: ThresholdOptions = {}): Metric {
  const count = (targets: tf.Tensor, predictions: tf.Tensor) => ofOnes.recall(targets, predictions, options)
  return { name: 'recall', size: 2, count: ofTargets(count), result: ratio }
}

export function r2Score(): Metric {
  const { r2Counts, r2Score: result, r2Sums: sums } = variance
  return { name: 'r2Score', size: 4, count: ofTargets(r2Counts), float64: { counts: 5, sums }, result }
}

/** Creates a metric that is the mean of its counts over the samples. */
function meanMetric(name: string, count: (labels: tf.Tensor, predictions: tf.Tensor) => tf.Scalar): Metric {
  return { name, size: 1, count: (labels, predictions) => [count(labels, predictions)], result: meanOverSamples }
}

function ofTargets(count: Metric['count']): Metric['count'] {
  return (labels, predictions) => count(targetsOf(labels, predictions), predictions)
}

function meanOverSamples([sum = 0]: readonly number[], samples: number): number {
  return sum / samples
}

function countRightClasses(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar {
  return countTrue(ofClasses.accuracy(classesOf(labels, predictions), predictions))
}

/** The class index of each label; for rows of class shares, the class with the largest share. */
function classesOf(labels: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  if (labels.rank === predictions.rank) return tf.argMax(labels, -1)
  // A cast costs a kernel call even if it changes nothing.
  return labels.dtype === 'int32' ? labels : tf.cast(labels, 'int32')
}
