import type * as tf from '@tensorflow/tfjs'

/**
 * How a weight follows its gradient. A rule is a formula without a memory of its own: what it keeps from step to step
 * stands in slots, which a `WeightUpdater` holds and a checkpoint can save.
 */
export interface UpdateRule {
  readonly learningRate: number
  /** What the slots of each weight begin with: as many tensors of the weight's size. */
  readonly slots: readonly number[]
  /** What the numbers begin with that all weights share. */
  readonly shared: readonly number[]

  /**
   * The numbers of a step that its formula takes for every weight; it runs in a `tidy`.
   *
   * @param rate The learning rate of this step: a tensor, since steps are recorded and repeated with another one.
   */
  numbersOf(rate: tf.Scalar, shared: readonly tf.Scalar[]): readonly tf.Scalar[]

  /**
   * One step of one weight; it runs in a `tidy`.
   *
   * @param numbers What `numbersOf` gave.
   * @returns The weight's new value, then its slots'.
   */
  update(weight: UpdatedWeight, numbers: readonly tf.Scalar[]): readonly tf.Tensor[]

  /**
   * What becomes of the gradients before the weights follow them; it runs in a `tidy`. They are in the order of the
   * weights; none of those that the loss does not depend on.
   */
  treatGradients?(gradients: readonly (tf.Tensor | undefined)[]): readonly (tf.Tensor | undefined)[]

  /** How many batches a step takes; 1 by default. */
  readonly batches?: number

  /** The shared numbers after the step. */
  advance?(shared: readonly tf.Scalar[]): readonly tf.Scalar[]
}

/** A weight before a step. */
export interface UpdatedWeight {
  /** As tf.layers has it: `conv2d/kernel`. */
  readonly name: string
  readonly value: tf.Tensor
  readonly gradient: tf.Tensor
  readonly slots: readonly tf.Tensor[]
}
