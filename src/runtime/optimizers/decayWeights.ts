import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from './updateRule.ts'

/**
 * The rule on weights that shrink in each step before it: w ← w - w * decay * learning rate, whatever the gradient
 * (Loshchilov and Hutter, 2017; weight_decay of Keras's optimizers, torch.optim.AdamW). Only what multiplies inputs
 * decays: kernels and embeddings, and neither biases, nor factors and offsets of normalization, nor slopes of rectifiers.
 */
export function decayWeights(rule: UpdateRule, decay: number): UpdateRule {
  return {
    ...rule,
    update(weight, rate, shared) {
      if (!/(kernel|embeddings)$/.test(weight.name)) return rule.update(weight, rate, shared)
      const value = tf.sub(weight.value, tf.mul(weight.value, tf.mul(rate, decay)))
      return rule.update({ ...weight, value }, rate, shared)
    },
  }
}
