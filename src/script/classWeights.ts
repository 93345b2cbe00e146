/** Class weights in losses. */
import * as tf from '@tensorflow/tfjs'

/**
 * The weight of each class: samples / (classes * samples of the class), where only classes with samples count, as
 * `balanced` of scikit-learn (sklearn/utils/class_weight.py).
 */
export function balancedWeights(labels: Iterable<number>, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0)
  for (const label of labels) counts[label]!++
  const occurring = counts.filter((one) => one > 0).length
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => (count === 0 ? 1 : total / (occurring * count)))
}

/**
 * The mean of the samples' values, each multiplied by the weight of its class if there are weights.
 *
 * @param labels Classes, or rows of class fractions: the class with the largest fraction counts.
 */
export function weightedMean(values: tf.Tensor, labels: tf.Tensor, weights?: readonly number[]): tf.Scalar {
  if (!weights) return tf.mean(values)
  const classes = labels.rank > 1 ? tf.argMax(labels, -1) : tf.cast(labels, 'int32')
  const own = tf.gather(tf.tensor1d([...weights], 'float32'), classes)
  return tf.mean(tf.mul(values, tf.reshape(own, [own.size, ...values.shape.slice(1).map(() => 1)])))
}
