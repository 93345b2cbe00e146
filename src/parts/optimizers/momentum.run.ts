import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface MomentumOptions {
  readonly learningRate: number
  readonly momentum?: number
  readonly useNesterov?: boolean
}

/**
 * Momentum, as in PyTorch and tf.train: v ← decay · v + gradient, w ← w - learningRate · v; Nesterov's momentum uses
 * gradient + decay · v instead of v. Keras includes the learning rate in v, which only differs if the rate changes.
 */
export function momentum({ learningRate, momentum: decay = 0.9, useNesterov = false }: MomentumOptions): UpdateRule {
  return {
    learningRate,
    slots: [0],
    shared: [],
    numbersOf: (rate) => [tf.neg(rate)],
    update({ value, gradient, slots: [velocity] }, [descent]) {
      const next = tf.add(tf.mul(decay, velocity!), gradient)
      const along = useNesterov ? tf.add(gradient, tf.mul(next, decay)) : next
      return [tf.add(tf.mul(descent!, along), value), next]
    },
  }
}
