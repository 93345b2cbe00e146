/** The losses that need more than the mean of a formula: variants that take logits, fused gradients, or a scale. */
import * as tf from '@tensorflow/tfjs'
import { binaryCrossentropyOfLogits } from '../../parts/losses/binaryCrossentropy.fast.ts'
import * as binary from '../../parts/losses/binaryCrossentropy.run.ts'
import {
  boundedCrossentropy,
  categoricalCrossentropyOfLogits,
  hasSparseCrossentropy,
  sparseCrossentropyOfLogits,
} from '../../parts/losses/categoricalCrossentropy.fast.ts'
import { type CrossentropyOptions, logSoftmax, smoothTargets } from '../../parts/losses/crossentropy.run.ts'
import * as divergence from '../../parts/losses/kullbackLeiblerDivergence.run.ts'
import { relativeError } from '../../parts/losses/meanAbsolutePercentageError.run.ts'
import { type Loss, lossOf } from './loss.ts'

export interface CrossentropyLossOptions extends CrossentropyOptions {
  /** Whether predictions are logits instead of probabilities. */
  readonly fromLogits?: boolean
}

/**
 * Crossentropy over mutually exclusive classes. Computed from logits, it is accurate for probabilities near 0 and 1.
 */
export function categoricalCrossentropy(options: CrossentropyLossOptions = {}): Loss {
  const { fromLogits = false, labelSmoothing = 0 } = options
  const formula = fromLogits ? categoricalCrossentropyOfLogits : boundedCrossentropy
  const loss = lossOf('categoricalCrossentropy', (targets, predictions) =>
    formula(smoothTargets(targets, labelSmoothing, 1 / predictions.shape.at(-1)!), predictions),
  )
  if (!fromLogits)
    return { ...loss, ofLogits: { softmax: categoricalCrossentropy({ labelSmoothing, fromLogits: true }) } }
  return labelSmoothing === 0 ? withSparseLabels(loss) : loss
}

/** Computes the same crossentropy without one-hot rows, if labels are class indices and the backend has a kernel for it. */
function withSparseLabels(loss: Loss): Loss {
  return {
    ...loss,
    compute(labels, logits, average = tf.mean) {
      const isSparse = labels.dtype === 'int32' && labels.rank === 1 && logits.rank === 2 && logits.shape[1]! > 1
      if (!isSparse || !hasSparseCrossentropy()) return loss.compute(labels, logits, average)
      return tf.tidy(() => average(sparseCrossentropyOfLogits(labels, logits)))
    },
  }
}

/** Equals `categoricalCrossentropy`; Keras distinguishes them by the form of the labels. */
export function sparseCategoricalCrossentropy(options: CrossentropyLossOptions = {}): Loss {
  return { ...categoricalCrossentropy(options), name: 'sparseCategoricalCrossentropy' }
}

/**
 * Crossentropy of yes/no outputs. Computed from the logits of sigmoid or softmax, it is accurate for probabilities near
 * 0 and 1.
 */
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

/** For class labels it differs from the crossentropy by a constant only. It is computed from logits as well. */
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

export function meanAbsolutePercentageError(): Loss {
  return lossOf('meanAbsolutePercentageError', relativeError, 100)
}
