import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from './updateRule.ts'

/** Adadelta (Zeiler, 2012), as tf.train has it: the mean of squares that divides is that before the step. */
export function adadelta(learningRate: number, rho = 0.95, epsilon = 1e-7): UpdateRule {
  return {
    learningRate,
    slots: [0, 0],
    shared: [],
    numbersOf: (rate) => [tf.neg(rate)],
    update({ value, gradient, slots: [squares, changes] }, [descent]) {
      const nextSquares = tf.add(tf.mul(squares!, rho), tf.mul(tf.square(gradient), 1 - rho))
      const size = tf.div(tf.sqrt(tf.add(changes!, epsilon)), tf.sqrt(tf.add(squares!, epsilon)))
      const change = tf.mul(size, gradient)
      const nextChanges = tf.add(tf.mul(changes!, rho), tf.mul(tf.square(change), 1 - rho))
      return [tf.add(tf.mul(change, descent!), value), nextSquares, nextChanges]
    },
  }
}
