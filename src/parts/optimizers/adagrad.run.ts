import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface AdagradOptions {
  readonly learningRate: number
  readonly initialAccumulatorValue?: number
}

/**
 * Adagrad (Duchi, Hazan and Singer, 2011), as in Keras: divides gradients by the root of the sum of all their squares plus
 * 1e-7.
 */
export function adagrad({ learningRate, initialAccumulatorValue = 0.1 }: AdagradOptions): UpdateRule {
  return {
    learningRate,
    slots: [initialAccumulatorValue],
    shared: [],
    numbersOf: (rate) => [tf.neg(rate)],
    update({ value, gradient, slots: [sum] }, [descent]) {
      const next = tf.add(sum!, tf.square(gradient))
      const along = tf.div(gradient, tf.sqrt(tf.add(next, 1e-7)))
      return [tf.add(tf.mul(along, descent!), value), next]
    },
  }
}
