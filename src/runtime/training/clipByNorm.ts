import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

/**
 * The rule on gradients that are made smaller, all by one factor, where the norm of all of them together is above the
 * limit (global_clipnorm of Keras's optimizers, torch.nn.utils.clip_grad_norm_). Below it, they stay what they are to the
 * bit.
 */
export function clipByNorm(rule: UpdateRule, limit: number): UpdateRule {
  return {
    ...rule,
    treatGradients(gradients) {
      const given = rule.treatGradients?.(gradients) ?? gradients
      const squares = given.flatMap((gradient) => (gradient ? [tf.sum(tf.square(gradient))] : []))
      const norm = tf.sqrt(tf.addN(squares))
      const factor = tf.div(limit, tf.maximum(norm, limit))
      return given.map((gradient) => gradient && tf.mul(gradient, factor))
    },
  }
}
