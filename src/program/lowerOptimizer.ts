/** The optimizer to the call that makes it, with what `training` says of gradients and weights around it. */
import { callsTo } from '../language/calls.ts'
import { reference, type Call } from '../language/expression.ts'
import { lookUp, type Choice } from '../language/schema.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import type { Training } from '../validation/spec.ts'

const ruleCall = callsTo<typeof import('../runtime/training/gradientRules.ts')>()

/** Takes its learning rate from where it stands. What stands further out comes later: values are clipped before norms. */
export function lowerOptimizer({ type, options }: Choice, training: Training): Call {
  const { clipValue, clipNorm, weightDecay, gradientAccumulation = 1 } = training
  let rule = lookUp(optimizerTable, type).lower({ ...options, learningRate: reference('learningRate') })
  if (clipValue !== undefined) rule = ruleCall('clipByValue', rule, clipValue)
  if (clipNorm !== undefined) rule = ruleCall('clipByNorm', rule, clipNorm)
  if (weightDecay !== undefined) rule = ruleCall('decayWeights', rule, weightDecay)
  return gradientAccumulation > 1 ? ruleCall('accumulateGradients', rule, gradientAccumulation) : rule
}

/** What the loop itself is told: the rest is in the call of the optimizer. */
export function lowerTraining(training: Training): LoopOptions {
  const {
    clipValue: _value,
    clipNorm: _norm,
    weightDecay: _decay,
    gradientAccumulation: _batches,
    stratified: _split,
    classWeights: _weights,
    ...loop
  } = training
  return loop
}

export type LoopOptions = Omit<
  Training,
  'clipValue' | 'clipNorm' | 'weightDecay' | 'gradientAccumulation' | 'stratified' | 'classWeights'
>
