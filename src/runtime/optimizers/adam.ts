import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from './updateRule.ts'

/** Adam (Kingma and Ba, 2014, algorithm 1), as tf.train has it: epsilon is added to the root of the corrected mean. */
export function adam(learningRate: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7): UpdateRule {
  return {
    learningRate,
    slots: [0, 0],
    // The powers of the betas, by which the means are corrected.
    shared: [beta1, beta2],
    update({ value, gradient, slots: [mean, square] }, rate, [power1, power2]) {
      const nextMean = tf.add(tf.mul(mean!, beta1), tf.mul(gradient, 1 - beta1))
      const nextSquare = tf.add(tf.mul(square!, beta2), tf.mul(tf.square(gradient), 1 - beta2))
      const corrected = tf.div(nextMean, tf.sub(1, power1!))
      const size = tf.add(tf.sqrt(tf.div(nextSquare, tf.sub(1, power2!))), epsilon)
      return [tf.add(tf.mul(tf.div(corrected, size), tf.neg(rate)), value), nextMean, nextSquare]
    },
    advance: ([power1, power2]) => [tf.mul(power1!, beta1), tf.mul(power2!, beta2)],
  }
}
