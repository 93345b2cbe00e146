import * as tf from '@tensorflow/tfjs'
import { type OfLogits } from './probabilityLogits.ts'

/**
 * A number that is reported beside the loss. A metric keeps a few sums over batches and computes its value from them.
 */
export interface Metric {
  readonly name: string
  /** The number of sums. */
  readonly size: number

  /**
   * Computes the float32 counts of one batch, which are added to the sums unless `float64` replaces them.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   */
  count(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar[]

  /** Computes from the counts, in float64, what is added to the sums; for sums that float32 cannot hold. */
  readonly float64?: {
    /** The number of counts. */
    readonly counts: number
    sums(counts: readonly number[]): readonly number[]
  }

  /** The same metric computed from the logits of the last activation. */
  readonly ofLogits?: OfLogits<Metric>

  /** Computes the value from the sums over all batches and the number of samples. */
  result(sums: readonly number[], samples: number): number
}
