/** Losses in which classes do not count the same. */
import * as tf from '@tensorflow/tfjs'

/**
 * A weight for each class: samples / (classes * samples of the class), over the classes that occur, as `balanced` in
 * scikit-learn (sklearn/utils/class_weight.py).
 */
export function balancedWeights(labels: Iterable<number>, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0)
  for (const label of labels) counts[label]!++
  const occurring = counts.filter((one) => one > 0).length
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => (count === 0 ? 1 : total / (occurring * count)))
}

/**
 * The mean of the values of samples, each multiplied by the weight of its class where there are some.
 *
 * @param labels Classes, or rows with the part of each class: the class of the largest part counts.
 */
export function weightedMean(values: tf.Tensor, labels: tf.Tensor, weights?: readonly number[]): tf.Scalar {
  if (!weights) return tf.mean(values)
  const classes = labels.rank > 1 ? tf.argMax(labels, -1) : tf.cast(labels, 'int32')
  const own = tf.gather(tf.tensor1d([...weights], 'float32'), classes)
  return tf.mean(tf.mul(values, tf.reshape(own, [own.size, ...values.shape.slice(1).map(() => 1)])))
}
