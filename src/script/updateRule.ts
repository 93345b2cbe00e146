/** The interface of optimizers as update rules. */
import type * as tf from '@tensorflow/tfjs'

/**
 * The update of a weight by its gradient. A rule is a formula without state: values that it keeps between steps are in
 * slots, which a `WeightUpdater` holds and a checkpoint can save.
 */
export interface UpdateRule {
  readonly learningRate: number
  /** The initial value of each slot: each weight has this many tensors of its shape. */
  readonly slots: readonly number[]
  /** The initial values of the numbers that all weights share. */
  readonly shared: readonly number[]

  /**
   * Computes the numbers of a step that are the same for all weights; runs in a `tidy`.
   *
   * @param rate The learning rate of the step: a tensor, since recorded steps are replayed with other rates.
   */
  numbersOf(rate: tf.Scalar, shared: readonly tf.Scalar[]): readonly tf.Scalar[]

  /**
   * Computes the update of one weight; runs in a `tidy`.
   *
   * @param numbers The result of `numbersOf`.
   * @returns The new value of the weight, then those of its slots.
   */
  update(weight: UpdatedWeight, numbers: readonly tf.Scalar[]): readonly tf.Tensor[]

  /**
   * Changes the gradients before the update, for example clips them; runs in a `tidy`. They are in the order of the
   * weights, undefined for weights that the loss does not depend on.
   */
  treatGradients?(gradients: readonly (tf.Tensor | undefined)[]): readonly (tf.Tensor | undefined)[]

  /** The number of batches per step; 1 by default. */
  readonly batches?: number

  /** Computes the shared numbers after the step. */
  advance?(shared: readonly tf.Scalar[]): readonly tf.Scalar[]
}

/** A weight before a step. */
export interface UpdatedWeight {
  /** The name in tf.layers, such as `conv2d/kernel`. */
  readonly name: string
  readonly value: tf.Tensor
  readonly gradient: tf.Tensor
  readonly slots: readonly tf.Tensor[]
}
