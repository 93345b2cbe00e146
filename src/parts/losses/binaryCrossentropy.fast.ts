import * as tf from '@tensorflow/tfjs'

/**
 * -(target * log(p) + (1 - target) * log(1 - p)) of p = sigmoid(x), as max(x, 0) - x * target + log(1 + e^-|x|), which is
 * exact for logits of any size (tf.losses.sigmoidCrossEntropy). The gradient is a single formula: sigmoid(x) - target.
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
