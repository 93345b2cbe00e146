import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from './updateRule.ts'

/** Stochastic gradient descent: w ← w - learningRate · gradient. */
export function sgd(learningRate: number): UpdateRule {
  return {
    learningRate,
    slots: [],
    shared: [],
    update: ({ value, gradient }, rate) => [tf.add(tf.mul(tf.neg(rate), gradient), value)],
  }
}
