/** Every loss as training takes it, by name: the formulas of `src/parts/losses`, averaged over the batch. */
import * as tf from '@tensorflow/tfjs'
import { binaryCrossentropyOfLogits } from '../../parts/losses/binaryCrossentropy.fast.ts'
import * as binary from '../../parts/losses/binaryCrossentropy.run.ts'
import {
  boundedCrossentropy,
  categoricalCrossentropyOfLogits,
} from '../../parts/losses/categoricalCrossentropy.fast.ts'
import * as hingeOfClasses from '../../parts/losses/categoricalHinge.run.ts'
import * as cosine from '../../parts/losses/cosineProximity.run.ts'
import { type CrossentropyOptions, logSoftmax, smoothTargets } from '../../parts/losses/crossentropy.run.ts'
import * as margin from '../../parts/losses/hinge.run.ts'
import * as huber from '../../parts/losses/huberLoss.run.ts'
import * as divergence from '../../parts/losses/kullbackLeiblerDivergence.run.ts'
import * as logarithm from '../../parts/losses/logcosh.run.ts'
import * as absolute from '../../parts/losses/meanAbsoluteError.run.ts'
import { relativeError } from '../../parts/losses/meanAbsolutePercentageError.run.ts'
import * as squared from '../../parts/losses/meanSquaredError.run.ts'
import * as logarithmic from '../../parts/losses/meanSquaredLogarithmicError.run.ts'
import * as counted from '../../parts/losses/poisson.run.ts'
import * as squaredMargin from '../../parts/losses/squaredHinge.run.ts'
import { type Loss, lossOf } from './loss.ts'

export interface CrossentropyLossOptions extends CrossentropyOptions {
  /** Whether predictions are logits, which softmax or sigmoid would make probabilities. */
  readonly fromLogits?: boolean
}

/** Over classes that exclude each other; from their logits, exact for probabilities near 0 and 1. */
export function categoricalCrossentropy(options: CrossentropyLossOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = options
  const formula = fromLogits ? categoricalCrossentropyOfLogits : boundedCrossentropy
  return {
    ...lossOf('categoricalCrossentropy', (targets, predictions) =>
      formula(smoothTargets(targets, labelSmoothing, 1 / predictions.shape.at(-1)!), predictions),
    ),
    ...(!fromLogits && { ofLogits: { softmax: categoricalCrossentropy({ labelSmoothing, fromLogits: true }) } }),
  }
}

/** The same number as `categoricalCrossentropy`; Keras distinguishes them by the form of the labels. */
export function sparseCategoricalCrossentropy(options: CrossentropyLossOptions = {}): Loss {
  return { ...categoricalCrossentropy(options), name: 'sparseCategoricalCrossentropy' }
}

/** Of answers yes or no; from the logits of sigmoid or softmax, exact for probabilities near 0 and 1. */
export function binaryCrossentropy({ fromLogits = false, ...options }: CrossentropyLossOptions = {}): Loss {
  const by = (formula: typeof binary.binaryCrossentropy) =>
    lossOf('binaryCrossentropy', (targets, predictions) => formula(targets, predictions, options))
  const ofSigmoid = by((targets, logits, { labelSmoothing = 0 } = {}) =>
    binaryCrossentropyOfLogits(smoothTargets(targets, labelSmoothing, 0.5), logits),
  )
  if (fromLogits) return ofSigmoid
  return {
    ...by(binary.binaryCrossentropy),
    ofLogits: { sigmoid: ofSigmoid, softmax: by(binary.binaryCrossentropyOfSoftmax) },
  }
}

/** For classes this is the crossentropy but for a constant, and is computed from logits as well. */
export function kullbackLeiblerDivergence(): Loss {
  const by = (logarithms: (predictions: tf.Tensor) => tf.Tensor) =>
    lossOf('kullbackLeiblerDivergence', (targets, predictions) =>
      divergence.divergenceOfLogarithms(targets, logarithms(predictions)),
    )
  return {
    ...lossOf('kullbackLeiblerDivergence', divergence.kullbackLeiblerDivergence),
    ofLogits: { softmax: by(logSoftmax), sigmoid: by(tf.logSigmoid) },
  }
}

export function huberLoss(options: huber.HuberOptions = {}): Loss {
  return lossOf('huberLoss', (targets, predictions) => huber.huberLoss(targets, predictions, options))
}

export function meanAbsolutePercentageError(): Loss {
  return lossOf('meanAbsolutePercentageError', relativeError, 100)
}

export const categoricalHinge = (): Loss => lossOf('categoricalHinge', hingeOfClasses.categoricalHinge)
export const cosineProximity = (): Loss => lossOf('cosineProximity', cosine.cosineProximity)
export const hinge = (): Loss => lossOf('hinge', margin.hinge)
export const logcosh = (): Loss => lossOf('logcosh', logarithm.logcosh)
export const meanAbsoluteError = (): Loss => lossOf('meanAbsoluteError', absolute.meanAbsoluteError)
export const meanSquaredError = (): Loss => lossOf('meanSquaredError', squared.meanSquaredError)
export const meanSquaredLogarithmicError = (): Loss =>
  lossOf('meanSquaredLogarithmicError', logarithmic.meanSquaredLogarithmicError)
export const poisson = (): Loss => lossOf('poisson', counted.poisson)
export const squaredHinge = (): Loss => lossOf('squaredHinge', squaredMargin.squaredHinge)
