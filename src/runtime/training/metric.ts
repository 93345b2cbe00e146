import * as tf from '@tensorflow/tfjs'
import { type OfLogits } from './probabilityLogits.ts'

/** What is reported beside the loss. A metric keeps a few sums over batches, of which its value is made. */
export interface Metric {
  readonly name: string
  /** How many sums it keeps. */
  readonly size: number

  /**
   * The counts of one batch, which are float32: those that are added to the sums, unless `float64` says otherwise.
   *
   * @param labels int32 [batch] class indices, or values of the predictions' own shape.
   * @param predictions float32 [batch, units]
   */
  count(labels: tf.Tensor, predictions: tf.Tensor): tf.Scalar[]

  /** Replaces the counts as what is added to the sums, where it is too much for float32. */
  readonly float64?: {
    /** How many counts there are. */
    readonly counts: number
    sums(counts: readonly number[]): readonly number[]
  }

  /** The same metric of the logits that the last layer makes probabilities of. */
  readonly ofLogits?: OfLogits<Metric>

  /** The value, from the sums of the counts over all batches, and the number of samples. */
  result(sums: readonly number[], samples: number): number
}
