import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface AdamOptions {
  readonly learningRate: number
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
}

/**
 * Adam (Kingma and Ba, 2014, algorithm 1), as in PyTorch and tf.train: epsilon is added to the root of the bias-corrected
 * mean of squares. Keras adds it before the correction, so its steps are smaller while gradients are close to epsilon.
 */
export function adam({ learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions): UpdateRule {
  return {
    learningRate,
    slots: [0, 0],
    // The powers of beta1 and beta2, for the bias correction.
    shared: [beta1, beta2],
    numbersOf: (rate, [power1, power2]) => [tf.neg(rate), tf.sub(1, power1!), tf.sub(1, power2!)],
    update({ value, gradient, slots: [mean, square] }, [descent, correction1, correction2]) {
      const nextMean = tf.add(tf.mul(mean!, beta1), tf.mul(gradient, 1 - beta1))
      const nextSquare = tf.add(tf.mul(square!, beta2), tf.mul(tf.square(gradient), 1 - beta2))
      const corrected = tf.div(nextMean, correction1!)
      const size = tf.add(tf.sqrt(tf.div(nextSquare, correction2!)), epsilon)
      return [tf.add(tf.mul(tf.div(corrected, size), descent!), value), nextMean, nextSquare]
    },
    advance: ([power1, power2]) => [tf.mul(power1!, beta1), tf.mul(power2!, beta2)],
  }
}
