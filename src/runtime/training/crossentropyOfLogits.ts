import * as tf from '@tensorflow/tfjs'

/**
 * -sum(target * log(softmax(x))) over the last axis, with log(softmax(x)) = x - max(x) - log(sum(e^(x - max(x)))), which
 * is exact for logits of any size. Its gradient is softmax(x) * sum(target) - target.
 */
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

/**
 * -(target * log(p) + (1 - target) * log(1 - p)) of p = sigmoid(x), as max(x, 0) - x * target + log(1 + e^-|x|), which is
 * exact for logits of any size (tf.nn.sigmoid_cross_entropy_with_logits). Its gradient is sigmoid(x) - target.
 */
export function binaryCrossentropyOfLogits(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const compute = tf.customGrad((x, save) => {
    const given = x as tf.Tensor
    const keepForGradient = save as unknown as (tensors: tf.Tensor[]) => void
    keepForGradient([targets, given])
    return {
      value: tf.add(tf.sub(tf.relu(given), tf.mul(given, targets)), tf.softplus(tf.neg(tf.abs(given)))),
      gradFunc(dy, saved) {
        const [savedTargets, savedLogits] = saved as [tf.Tensor, tf.Tensor]
        return tf.mul(dy, tf.sub(tf.sigmoid(savedLogits), savedTargets))
      },
    }
  })
  return compute(logits)
}

/**
 * -(target * log(p) + (1 - target) * log(1 - p)) of p = softmax(x). For the one class of a sample that may be above 0.5,
 * 1 - p is the sum of the others, of which only the logarithm is sure to be a number.
 */
export function binaryCrossentropyOfSoftmax(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const logarithms = logSoftmax(logits)
  const probabilities = tf.exp(logarithms)
  const likely = tf.customGrad((p) => ({
    value: tf.cast(tf.greater(p as tf.Tensor, 0.5), 'float32'),
    gradFunc: (dy) => tf.zerosLike(dy),
  }))(probabilities)
  const others = tf.sub(logits, tf.mul(likely, 1e30))
  const ofOthers = tf.sub(tf.logSumExp(others, -1, true), tf.logSumExp(logits, -1, true))
  const whenZero = tf.where(
    tf.cast(likely, 'bool'),
    tf.broadcastTo(ofOthers, logits.shape),
    tf.log1p(tf.neg(tf.minimum(probabilities, 0.5))),
  )
  return tf.neg(tf.add(tf.mul(targets, logarithms), tf.mul(tf.sub(1, targets), whenZero)))
}

/** log(softmax(x)) along the last axis. */
export function logSoftmax(logits: tf.Tensor): tf.Tensor {
  const shifted = tf.sub(logits, tf.max(logits, -1, true))
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)))
}

/** log(sigmoid(x)) = min(x, 0) - log(1 + e^-|x|). */
export function logSigmoid(logits: tf.Tensor): tf.Tensor {
  return tf.neg(tf.softplus(tf.neg(logits)))
}
