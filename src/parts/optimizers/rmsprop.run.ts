import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

export interface RmspropOptions {
  readonly learningRate: number
  readonly decay?: number
  readonly momentum?: number
  readonly epsilon?: number
  readonly centered?: boolean
}

/**
 * RMSProp (Hinton, 2012): divides gradients by the root of a running mean of their squares, or of their variance if
 * `centered`. In that case tf.train subtracts epsilon, which gives NaN for a small first gradient; here it is added, as in
 * TensorFlow.
 */
export function rmsprop({
  learningRate,
  decay = 0.9,
  momentum = 0,
  epsilon = 1e-7,
  centered = false,
}: RmspropOptions): UpdateRule {
  return {
    learningRate,
    slots: centered ? [0, 0, 0] : [0, 0],
    shared: [],
    numbersOf: (rate) => [rate],
    update({ value, gradient, slots: [squares, velocity, mean] }, [rate]) {
      const nextSquares = tf.add(tf.mul(squares!, decay), tf.mul(tf.square(gradient), 1 - decay))
      const nextMean = mean && tf.add(tf.mul(mean, decay), tf.mul(gradient, 1 - decay))
      const variance = nextMean
        ? tf.sub(nextSquares, tf.add(tf.square(nextMean), -epsilon))
        : tf.add(nextSquares, epsilon)
      const along = tf.div(tf.mul(gradient, rate!), tf.sqrt(variance))
      const nextVelocity = tf.add(tf.mul(velocity!, momentum), along)
      return [tf.sub(value, nextVelocity), nextSquares, nextVelocity, ...(nextMean ? [nextMean] : [])]
    },
  }
}
