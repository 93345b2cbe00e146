import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface AdadeltaOptions {
  readonly learningRate: number
  readonly rho?: number
  readonly epsilon?: number
}

/**
 * Adadelta (Zeiler, 2012, algorithm 1), as in Keras and PyTorch: the mean of squares includes the current gradient before it
 * divides it. tf.train divides by the previous mean, so its first step divides by epsilon only. The learning rate, which the
 * paper does not have, scales the update but not the mean of updates.
 */
export function adadelta({ learningRate, rho = 0.95, epsilon = 1e-7 }: AdadeltaOptions): UpdateRule {
  return {
    learningRate,
    slots: [0, 0],
    shared: [],
    numbersOf: (rate) => [tf.neg(rate)],
    update({ value, gradient, slots: [squares, changes] }, [descent]) {
      const nextSquares = tf.add(tf.mul(squares!, rho), tf.mul(tf.square(gradient), 1 - rho))
      const size = tf.div(tf.sqrt(tf.add(changes!, epsilon)), tf.sqrt(tf.add(nextSquares, epsilon)))
      const change = tf.mul(size, gradient)
      const nextChanges = tf.add(tf.mul(changes!, rho), tf.mul(tf.square(change), 1 - rho))
      return [tf.add(tf.mul(change, descent!), value), nextSquares, nextChanges]
    },
  }
}
