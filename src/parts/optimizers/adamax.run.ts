import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface AdamaxOptions {
  readonly learningRate: number
  readonly beta1?: number
  readonly beta2?: number
  readonly epsilon?: number
  /** After n steps the learning rate is learningRate / (1 + decay · n). */
  readonly decay?: number
}

/**
 * Adamax (Kingma and Ba, 2014, algorithm 2).
 */
export function adamax({
  learningRate,
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-7,
  decay = 0,
}: AdamaxOptions): UpdateRule {
  return {
    learningRate,
    slots: [0, 0],
    // The power of beta1, and the number of steps.
    shared: [beta1, 0],
    numbersOf(rate, [power, steps]) {
      const decayed = tf.div(tf.neg(rate), tf.add(tf.mul(steps!, decay), 1))
      return [tf.div(decayed, tf.sub(1, power!))]
    },
    update({ value, gradient, slots: [mean, largest] }, [descent]) {
      const nextMean = tf.add(tf.mul(mean!, beta1), tf.mul(gradient, 1 - beta1))
      const nextLargest = tf.maximum(tf.mul(largest!, beta2), tf.abs(gradient))
      const along = tf.div(nextMean, tf.add(nextLargest, epsilon))
      return [tf.add(tf.mul(descent!, along), value), nextMean, nextLargest]
    },
    advance: ([power, steps]) => [tf.mul(power!, beta1), tf.add(steps!, 1)],
  }
}
