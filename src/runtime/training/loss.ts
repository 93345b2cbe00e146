/** The types of losses, and functions that create a loss from a formula. */
import * as tf from '@tensorflow/tfjs'
import { type Samples } from '../data/samples.ts'
import { type OfLogits } from './probabilityLogits.ts'
import { targetsOf } from './targets.ts'

/** The objective of one output, which training minimizes. */
export interface Loss {
  readonly name: string

  /**
   * Computes the mean loss of a batch.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   * @param average Replaces the mean over [batch] or [batch, ...units] if samples are weighted.
   */
  compute(labels: tf.Tensor, predictions: tf.Tensor, average?: Average): tf.Scalar

  /** Replaces `compute` in training if the loss depends on the training samples. */
  readonly fitted?: FittedLoss

  /**
   * The same loss computed from the logits of the last activation, which stays accurate for probabilities near 0 or 1.
   */
  readonly ofLogits?: OfLogits<Loss>
}

/** Reduces values, with the samples on the first axis, to one number. */
export type Average = (values: tf.Tensor) => tf.Scalar

/** A loss that depends on the training samples through numbers, which other threads receive too. */
export interface FittedLoss {
  /** @throws KnownError if it cannot be fitted to the samples. */
  fit(train: Samples, classNames: readonly string[]): readonly number[]

  /** Like `Loss.compute`, with the numbers that `fit` returned. */
  compute(labels: tf.Tensor, predictions: tf.Tensor, numbers: readonly number[]): tf.Scalar
}

/**
 * Creates a loss that averages the values of a formula.
 *
 * @param values Returns one value per sample [batch] or per unit [batch, ...units]; targets have the shape of the
 *   predictions.
 * @param scale A factor of the average.
 */
export function lossOf(
  name: string,
  values: (targets: tf.Tensor, predictions: tf.Tensor) => tf.Tensor,
  scale?: number,
): Loss {
  return {
    name,
    compute: (labels, predictions, average = meanOfAll) =>
      tf.tidy(() => {
        const mean = average(values(targetsOf(labels, predictions), predictions))
        return scale === undefined ? mean : tf.mul(scale, mean)
      }),
  }
}

/** Like `lossOf`, for a formula with options. Returns the function that creates the loss from its options. */
export function lossBy<Options extends readonly unknown[]>(
  name: string,
  formula: (targets: tf.Tensor, predictions: tf.Tensor, ...options: Options) => tf.Tensor,
): (...options: Options) => Loss {
  return (...options) => lossOf(name, (targets, predictions) => formula(targets, predictions, ...options))
}

function meanOfAll(values: tf.Tensor): tf.Scalar {
  return tf.mean(values)
}
