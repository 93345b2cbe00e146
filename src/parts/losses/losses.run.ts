import * as tf from '@tensorflow/tfjs'
import {
  binaryCrossentropyOfLogits,
  binaryCrossentropyOfSoftmax,
  categoricalCrossentropyOfLogits,
  logSigmoid,
  logSoftmax,
} from '../../runtime/training/crossentropyOfLogits.ts'
import { type Samples } from '../../runtime/data/samples.ts'
import { type OfLogits } from '../../runtime/training/probabilityLogits.ts'
import { targetsOf } from '../../runtime/training/targets.ts'

/** What training makes small. */
export interface Loss {
  readonly name: string

  /**
   * The mean over the batch.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   * @param average Takes the place of the mean over [batch], or [batch, ...units], where samples do not count the same.
   */
  compute(labels: tf.Tensor, predictions: tf.Tensor, average?: Average): tf.Scalar

  /** What training makes small in its place, where that depends on the samples that train. */
  readonly fitted?: FittedLoss

  /**
   * The same loss of the logits that the last layer makes probabilities of: of the two, the one that is right where
   * probabilities come near 0 or 1.
   */
  readonly ofLogits?: OfLogits<Loss>
}

/** From values of each sample, on the first axis, to one number. */
export type Average = (values: tf.Tensor) => tf.Scalar

/** A loss that depends on the samples that train, by numbers that other threads are told. */
export interface FittedLoss {
  /** @throws TrainingError where the samples are none that it can be fitted to. */
  fit(train: Samples, classNames: readonly string[]): readonly number[]

  /** As that of `Loss`, with what `fit` gave. */
  compute(labels: tf.Tensor, predictions: tf.Tensor, numbers: readonly number[]): tf.Scalar
}

export interface CrossentropyOptions {
  /** Whether predictions are logits, which softmax or sigmoid would make probabilities. */
  readonly fromLogits?: boolean
}

export interface SmoothedCrossentropyOptions extends CrossentropyOptions {
  /** How far targets are drawn towards what says nothing: 1 / classes, or 0.5 where there are only yes and no; 0 by default. */
  readonly labelSmoothing?: number
}

export interface HuberOptions {
  /** The difference at which the square becomes a line; 1 by default. */
  readonly delta?: number
}

/**
 * -sum(target * log(p)) over the classes, where p is the softmax of logits, which the last layer has or the loss is given.
 * Of other predictions, p is their part of the sum, kept within [1e-7, 1 - 1e-7] (keras/src/backend/tensorflow/nn.py,
 * categorical_crossentropy). With label smoothing targets are target * (1 - labelSmoothing) + labelSmoothing / classes
 * (keras/src/losses/losses.py, categorical_crossentropy).
 */
export function categoricalCrossentropy(options: SmoothedCrossentropyOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = options
  const formula = fromLogits ? categoricalCrossentropyOfLogits : boundedCrossentropy
  return {
    ...lossOf('categoricalCrossentropy', (targets, predictions, average) => {
      const smoothed = smoothTargets(targets, labelSmoothing, 1 / predictions.shape.at(-1)!)
      return average(formula(smoothed, predictions))
    }),
    ...(!fromLogits && { ofLogits: { softmax: categoricalCrossentropy({ labelSmoothing, fromLogits: true }) } }),
  }
}

/** The same number as `categoricalCrossentropy`; Keras tells them apart by the form of the labels. */
export function sparseCategoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  return { ...categoricalCrossentropy(options), name: 'sparseCategoricalCrossentropy' }
}

/**
 * -(target * log(p) + (1 - target) * log(1 - p)), mean over the units, where p is the sigmoid of logits, which the last
 * layer has or the loss is given, or their softmax. Other predictions are kept within [1e-7, 1 - 1e-7]
 * (keras/src/backend/tensorflow/nn.py, binary_crossentropy). With one unit the labels are 0 and 1. With label smoothing
 * targets are target * (1 - labelSmoothing) + 0.5 * labelSmoothing.
 */
export function binaryCrossentropy(options: SmoothedCrossentropyOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = options
  const by = (formula: (targets: tf.Tensor, predictions: tf.Tensor) => tf.Tensor) =>
    lossOf('binaryCrossentropy', (targets, predictions, average) =>
      average(formula(smoothTargets(targets, labelSmoothing, 0.5), predictions)),
    )
  const ofSigmoid = by(binaryCrossentropyOfLogits)
  if (fromLogits) return ofSigmoid
  return {
    ...by(boundedBinaryCrossentropy),
    ofLogits: { sigmoid: ofSigmoid, softmax: by(binaryCrossentropyOfSoftmax) },
  }
}

/**
 * max(0, 1 + the largest of (1 - target) * prediction - the sum of target * prediction): the true class is to lead by 1
 * (keras/src/losses/losses.py, categorical_hinge).
 */
export function categoricalHinge(): Loss {
  return lossOf('categoricalHinge', (targets, predictions, average) => {
    const own = tf.sum(tf.mul(targets, predictions), -1)
    const others = tf.max(tf.mul(tf.sub(1, targets), predictions), -1)
    return average(tf.relu(tf.add(1, tf.sub(others, own))))
  })
}

/** max(0, 1 - target * prediction), mean over the units, for targets -1 and 1 (keras/src/losses/losses.py, hinge). */
export function hinge(): Loss {
  return lossOf('hinge', (targets, predictions, average) => average(missedMargin(targets, predictions)))
}

/** max(0, 1 - target * prediction)², mean over the units (keras/src/losses/losses.py, squared_hinge). */
export function squaredHinge(): Loss {
  return lossOf('squaredHinge', (targets, predictions, average) =>
    average(tf.square(missedMargin(targets, predictions))),
  )
}

/**
 * target * log(target / prediction), summed over the units, with both within [1e-7, 1] under the logarithm
 * (keras/src/losses/losses.py, kl_divergence). For classes this is the crossentropy, and is computed from logits as that
 * is, where Keras bounds probabilities.
 */
export function kullbackLeiblerDivergence(): Loss {
  const by = (logarithm: (predictions: tf.Tensor) => tf.Tensor) =>
    lossOf('kullbackLeiblerDivergence', (targets, predictions, average) => {
      const ratio = tf.sub(tf.log(tf.clipByValue(targets, 1e-7, 1)), logarithm(predictions))
      return average(tf.sum(tf.mul(targets, ratio), -1))
    })
  const bounded = by((predictions) => tf.log(tf.clipByValue(predictions, 1e-7, 1)))
  return { ...bounded, ofLogits: { softmax: by(logSoftmax), sigmoid: by(logSigmoid) } }
}

/** prediction - target * log(prediction + 1e-7), mean over the units (keras/src/losses/losses.py, poisson). */
export function poisson(): Loss {
  return lossOf('poisson', (targets, predictions, average) =>
    average(tf.sub(predictions, tf.mul(targets, tf.log(tf.add(predictions, 1e-7))))),
  )
}

/** The square of prediction - target, mean over the units (keras/src/losses/losses.py, mean_squared_error). */
export function meanSquaredError(): Loss {
  return lossOf('meanSquaredError', (targets, predictions, average) => average(tf.square(tf.sub(predictions, targets))))
}

/** |prediction - target|, mean over the units (keras/src/losses/losses.py, mean_absolute_error). */
export function meanAbsoluteError(): Loss {
  return lossOf('meanAbsoluteError', (targets, predictions, average) => average(tf.abs(tf.sub(predictions, targets))))
}

/**
 * 100 * |(target - prediction) / target|, mean over the units, where |target| counts as 1e-7 at least
 * (keras/src/losses/losses.py, mean_absolute_percentage_error).
 */
export function meanAbsolutePercentageError(): Loss {
  return lossOf('meanAbsolutePercentageError', (targets, predictions, average) => {
    const sizes = tf.clipByValue(tf.abs(targets), 1e-7, Number.POSITIVE_INFINITY)
    return tf.mul(100, average(tf.abs(tf.div(tf.sub(targets, predictions), sizes))))
  })
}

/**
 * (log(1 + prediction) - log(1 + target))², mean over the units, where both count as 1e-7 at least
 * (keras/src/losses/losses.py, mean_squared_logarithmic_error).
 */
export function meanSquaredLogarithmicError(): Loss {
  return lossOf('meanSquaredLogarithmicError', (targets, predictions, average) => {
    const logarithm = (x: tf.Tensor) => tf.log(tf.add(1, tf.clipByValue(x, 1e-7, Number.POSITIVE_INFINITY)))
    return average(tf.square(tf.sub(logarithm(predictions), logarithm(targets))))
  })
}

/**
 * log(cosh(x)) of x = prediction - target, mean over the units: x² / 2 where small, |x| - log(2) where large
 * (keras/src/losses/losses.py, log_cosh).
 */
export function logcosh(): Loss {
  return lossOf('logcosh', (targets, predictions, average) => {
    const difference = tf.sub(predictions, targets)
    return average(tf.sub(tf.add(difference, tf.softplus(tf.mul(-2, difference))), Math.log(2)))
  })
}

/** x² / 2 up to |x| = delta, and from there delta * (|x| - delta / 2), mean over the units (tf.losses.huberLoss). */
export function huberLoss({ delta = 1 }: HuberOptions = {}): Loss {
  return lossOf('huberLoss', (targets, predictions, average) => {
    const size = tf.abs(tf.sub(predictions, targets))
    const squared = tf.minimum(size, delta)
    return average(tf.add(tf.mul(0.5, tf.square(squared)), tf.mul(delta, tf.sub(size, squared))))
  })
}

/**
 * Minus the cosine of the angle between prediction and target: -1 where they point the same way
 * (keras/src/losses/losses.py, cosine_similarity).
 */
export function cosineProximity(): Loss {
  return lossOf('cosineProximity', (targets, predictions, average) =>
    tf.neg(average(tf.sum(tf.mul(unitVectors(targets), unitVectors(predictions)), -1))),
  )
}

/** A loss of labels in the predictions' own shape. */
function lossOf(
  name: string,
  formula: (targets: tf.Tensor, predictions: tf.Tensor, average: Average) => tf.Scalar,
): Loss {
  return {
    name,
    compute: (labels, predictions, average = meanOfAll) =>
      tf.tidy(() => formula(targetsOf(labels, predictions), predictions, average)),
  }
}

function meanOfAll(values: tf.Tensor): tf.Scalar {
  return tf.mean(values)
}

function boundedBinaryCrossentropy(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const probabilities = tf.clipByValue(predictions, 1e-7, 1 - 1e-7)
  const whenOne = tf.neg(tf.log(probabilities))
  const whenZero = tf.neg(tf.log(tf.sub(1, probabilities)))
  return tf.add(tf.mul(targets, whenOne), tf.mul(tf.sub(1, targets), whenZero))
}

/**
 * c = -sum(t * log(q)) of each sample, where q is n = p / sum(p), kept within bounds. By the chain rule
 * dc/dp = -(t' / q - sum(t')) / sum(p), where t' are the targets of which n is within the bounds: half the
 * operations that TensorFlow.js takes for the same gradient, one by one.
 */
function boundedCrossentropy(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((p, save) => {
    const total = tf.sum(p as tf.Tensor, -1, true)
    const normalized = tf.div(p as tf.Tensor, total)
    const bounded = tf.clipByValue(normalized, 1e-7, 1 - 1e-7)
    const keepForGradient = save as unknown as (tensors: tf.Tensor[]) => void
    keepForGradient([targets, total, normalized, bounded])
    return {
      value: tf.neg(tf.sum(tf.mul(targets, tf.log(bounded)), -1)),
      gradFunc(dy, saved) {
        const [savedTargets, savedTotal, savedNormalized, savedBounded] = saved as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ]
        const free = tf.mul(savedTargets, tf.cast(tf.equal(savedNormalized, savedBounded), 'float32'))
        const slope = tf.sub(tf.div(free, savedBounded), tf.sum(free, -1, true))
        return tf.div(tf.mul(tf.neg(tf.expandDims(dy, -1)), slope), savedTotal)
      },
    }
  })
  return compute(predictions)
}

/** Targets drawn towards a value by a part of the way. */
function smoothTargets(targets: tf.Tensor, part: number, towards: number): tf.Tensor {
  return part === 0 ? targets : tf.add(tf.mul(targets, 1 - part), part * towards)
}

/** How far each prediction is from the right side of 0 by 1. Labels of classes are 0 and 1: a 0 counts as -1, as in Keras. */
function missedMargin(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const sides = tf.sub(targets, tf.cast(tf.equal(targets, 0), 'float32'))
  return tf.relu(tf.sub(1, tf.mul(sides, predictions)))
}

/** Each vector along the last axis with length 1; one shorter than sqrt(1e-7) stays shorter. */
function unitVectors(vectors: tf.Tensor): tf.Tensor {
  const squares = tf.sum(tf.square(vectors), -1, true)
  return tf.div(vectors, tf.sqrt(tf.maximum(squares, 1e-7)))
}
