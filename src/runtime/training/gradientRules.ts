/** Adds to an update rule what `training` of a spec sets: gradient clipping, weight decay, gradient accumulation. */
import * as tf from '@tensorflow/tfjs'
import { decays, normFactor } from '../../script/gradients.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

/** Clips the gradients by their global norm before the rule applies. */
export function clipByNorm(rule: UpdateRule, limit: number): UpdateRule {
  return withTreatment(rule, (gradients) => {
    const factor = normFactor(
      gradients.filter((gradient) => gradient !== undefined),
      limit,
    )
    return (gradient) => tf.mul(gradient, factor)
  })
}

/** Clips each gradient value to [-limit, limit] before the rule applies (`clipvalue` of Keras's optimizers). */
export function clipByValue(rule: UpdateRule, limit: number): UpdateRule {
  return withTreatment(rule, () => (gradient) => tf.clipByValue(gradient, -limit, limit))
}

/** @param treat Receives all gradients and returns the change to apply to each. */
function withTreatment(
  rule: UpdateRule,
  treat: (gradients: readonly (tf.Tensor | undefined)[]) => (gradient: tf.Tensor) => tf.Tensor,
): UpdateRule {
  return {
    ...rule,
    treatGradients(gradients) {
      const given = rule.treatGradients?.(gradients) ?? gradients
      const change = treat(given)
      return given.map((gradient) => gradient && change(gradient))
    },
  }
}

/** Shrinks the weights before the rule's update: w ← w - w * decay * learning rate, regardless of the gradient. */
export function decayWeights(rule: UpdateRule, decay: number): UpdateRule {
  return {
    ...rule,
    numbersOf: (rate, shared) => [tf.mul<tf.Scalar>(rate, decay), ...rule.numbersOf(rate, shared)],
    update(weight, [shrinkage, ...numbers]) {
      if (!decays(weight.name)) return rule.update(weight, numbers)
      const value = tf.sub(weight.value, tf.mul(weight.value, shrinkage!))
      return rule.update({ ...weight, value }, numbers)
    },
  }
}

/** Applies the rule every `batches` batches, to the sample-weighted mean of their gradients. */
export function accumulateGradients(rule: UpdateRule, batches: number): UpdateRule {
  return { ...rule, batches }
}
