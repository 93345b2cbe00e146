/** The types of losses, and how a loss is made from the values of each unit. */
import * as tf from '@tensorflow/tfjs'
import { type Samples } from '../data/samples.ts'
import { type OfLogits } from './probabilityLogits.ts'
import { targetsOf } from './targets.ts'

/** The objective of one output, which training minimizes. */
export interface Loss {
  readonly name: string

  /**
   * The mean over the batch.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   * @param average Replaces the mean over [batch], or [batch, ...units], where samples do not count the same.
   */
  compute(labels: tf.Tensor, predictions: tf.Tensor, average?: Average): tf.Scalar

  /** Replaces it in training, where the objective depends on the training samples. */
  readonly fitted?: FittedLoss

  /**
   * The same loss of the logits that the last layer makes probabilities of: of the two, the one that is right where
   * probabilities come near 0 or 1.
   */
  readonly ofLogits?: OfLogits<Loss>
}

/** From values of each sample, on the first axis, to one number. */
export type Average = (values: tf.Tensor) => tf.Scalar

/** A loss that depends on the training samples, by numbers that other threads are given. */
export interface FittedLoss {
  /** @throws KnownError where it cannot be fitted to the samples. */
  fit(train: Samples, classNames: readonly string[]): readonly number[]

  /** As `Loss.compute`, with what `fit` returned. */
  compute(labels: tf.Tensor, predictions: tf.Tensor, numbers: readonly number[]): tf.Scalar
}

/**
 * The loss that averages the values of a formula.
 *
 * @param values Of each sample [batch], or of each unit [batch, ...units]; targets have the shape of the predictions.
 * @param scale What the average is multiplied by.
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

/** As `lossOf`, of a formula with options: the function of the loss's name, to which these are passed. */
export function lossBy<Options extends readonly unknown[]>(
  name: string,
  formula: (targets: tf.Tensor, predictions: tf.Tensor, ...options: Options) => tf.Tensor,
): (...options: Options) => Loss {
  return (...options) => lossOf(name, (targets, predictions) => formula(targets, predictions, ...options))
}

function meanOfAll(values: tf.Tensor): tf.Scalar {
  return tf.mean(values)
}
