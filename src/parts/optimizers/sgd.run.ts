import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface SgdOptions {
  readonly learningRate: number
}

/** Stochastic gradient descent: w ← w - learningRate · gradient. */
export function sgd({ learningRate }: SgdOptions): UpdateRule {
  return {
    learningRate,
    slots: [],
    shared: [],
    numbersOf: (rate) => [tf.neg(rate)],
    update: ({ value, gradient }, [descent]) => [tf.add(tf.mul(descent!, gradient), value)],
  }
}
