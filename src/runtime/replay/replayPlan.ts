import type * as tf from '@tensorflow/tfjs'

/** A recorded step that can be executed again. */
export interface ReplayPlan {
  /** The number of kernel calls or operations per step. */
  readonly length: number

  /** Executes the step with other inputs of the same shapes. The caller disposes the results. */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[]

  dispose(): void
}
