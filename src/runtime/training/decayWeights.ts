import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

/**
 * The rule on weights that shrink in each step before it: w ← w - w * decay * learning rate, whatever the gradient
 * (Loshchilov and Hutter, 2017; weight_decay of Keras's optimizers, torch.optim.AdamW). Only what multiplies inputs
 * decays: kernels and embeddings, and neither biases, nor factors and offsets of normalization, nor slopes of rectifiers.
 */
export function decayWeights(rule: UpdateRule, decay: number): UpdateRule {
  return {
    ...rule,
    numbersOf: (rate, shared) => [tf.mul<tf.Scalar>(rate, decay), ...rule.numbersOf(rate, shared)],
    update(weight, [shrinkage, ...numbers]) {
      if (!/(kernel|embeddings)$/.test(weight.name)) return rule.update(weight, numbers)
      const value = tf.sub(weight.value, tf.mul(weight.value, shrinkage!))
      return rule.update({ ...weight, value }, numbers)
    },
  }
}
