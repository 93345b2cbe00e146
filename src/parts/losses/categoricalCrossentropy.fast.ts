/** The categorical crossentropy with a gradient that takes half of the operations of automatic differentiation, or with both in one. */
import * as tf from '@tensorflow/tfjs'
import { logSoftmax } from './crossentropy.run.ts'

/**
 * c = -sum(t * log(q)) of each sample, where q is n = p / sum(p), clipped to [1e-7, 1 - 1e-7]. By the chain rule
 * dc/dp = -(t' / q - sum(t')) / sum(p), where t' are the targets whose n is not clipped, else 0.
 */
export function boundedCrossentropy(targets: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((p, save) => {
    const total = tf.sum(p as tf.Tensor, -1, true)
    const normalized = tf.div(p as tf.Tensor, total)
    const bounded = tf.clipByValue(normalized, 1e-7, 1 - 1e-7)
    const keepForGradient = save as unknown as (tensors: tf.Tensor[]) => void
    keepForGradient([targets, total, normalized, bounded])
    return {
      value: tf.neg(tf.sum(tf.mul(targets, tf.log(bounded)), -1)),
      gradFunc(dy, saved) {
        const [savedTargets, savedTotal, savedNormalized, savedBounded] = saved as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ]
        const free = tf.mul(savedTargets, tf.cast(tf.equal(savedNormalized, savedBounded), 'float32'))
        const slope = tf.sub(tf.div(free, savedBounded), tf.sum(free, -1, true))
        return tf.div(tf.mul(tf.neg(tf.expandDims(dy, -1)), slope), savedTotal)
      },
    }
  })
  return compute(predictions)
}

/** -sum(target * log(softmax(x))) over the last axis, exact for logits of any size; its gradient is softmax(x) * sum(target) - target. */
export function categoricalCrossentropyOfLogits(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((x, save) => {
    const logarithms = logSoftmax(x as tf.Tensor)
    const keepForGradient = save as unknown as (tensors: tf.Tensor[]) => void
    keepForGradient([targets, logarithms])
    return {
      value: tf.neg(tf.sum(tf.mul(targets, logarithms), -1)),
      gradFunc(dy, saved) {
        const [savedTargets, savedLogarithms] = saved as [tf.Tensor, tf.Tensor]
        const expected = tf.mul(tf.exp(savedLogarithms), tf.sum(savedTargets, -1, true))
        return tf.mul(tf.expandDims(dy, -1), tf.sub(expected, savedTargets))
      },
    }
  })
  return compute(logits)
}

const sparseKernel = 'SparseSoftmaxCrossEntropyWithLogits'

/** Whether the backend in use computes the crossentropy of class indices and its gradient in one kernel. */
export function hasSparseCrossentropy(): boolean {
  return tf.getKernel(sparseKernel, tf.getBackend()) !== undefined
}

/**
 * Equals `categoricalCrossentropyOfLogits` for labels that are class indices.
 *
 * @param labels int32 [batch], each below the number of classes.
 * @param logits float32 [batch, classes]
 */
export function sparseCrossentropyOfLogits(labels: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((x, save) => {
    const [value, slope] = tf.engine().runKernel(sparseKernel, { logits: x as tf.Tensor, labels }) as tf.Tensor[]
    const keepForGradient = save as unknown as (tensors: tf.Tensor[]) => void
    keepForGradient([slope!])
    return {
      value: value!,
      gradFunc: (dy, [savedSlope]) => tf.mul(tf.expandDims(dy, -1), savedSlope as tf.Tensor),
    }
  })
  return compute(logits)
}
