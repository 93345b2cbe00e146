/** What `training` of a spec puts around an update rule: clipped gradients, decay of weights, several batches a step. */
import * as tf from '@tensorflow/tfjs'
import { decays, normFactor } from '../../script/gradients.ts'
import { type UpdateRule } from '../../script/updateRule.ts'

/** The rule on gradients clipped by the norm of all of them together. */
export function clipByNorm(rule: UpdateRule, limit: number): UpdateRule {
  return withTreatment(rule, (gradients) => {
    const factor = normFactor(
      gradients.filter((gradient) => gradient !== undefined),
      limit,
    )
    return (gradient) => tf.mul(gradient, factor)
  })
}

/** The rule on gradients whose numbers are kept within [-limit, limit] (clipvalue of Keras's optimizers). */
export function clipByValue(rule: UpdateRule, limit: number): UpdateRule {
  return withTreatment(rule, () => (gradient) => tf.clipByValue(gradient, -limit, limit))
}

/** @param treat Given all gradients, it returns what becomes of each. */
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

/** The rule on weights that shrink in each step before it: w ← w - w * decay * learning rate, whatever the gradient. */
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

/** The rule once in so many batches, on the mean of their gradients over the samples. */
export function accumulateGradients(rule: UpdateRule, batches: number): UpdateRule {
  return { ...rule, batches }
}
