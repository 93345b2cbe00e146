import { type UpdateRule } from '../../script/updateRule.ts'

/** The rule once in so many batches, on the mean of their gradients over the samples. */
export function accumulateGradients(rule: UpdateRule, batches: number): UpdateRule {
  return { ...rule, batches }
}
