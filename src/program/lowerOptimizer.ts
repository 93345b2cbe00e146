/** Lowers the optimizer to a call, wrapped in the options of `training` that change gradients and weights. */
import { callsTo } from '../language/calls.ts'
import { reference, type Call } from '../language/expression.ts'
import { lookUp, type Choice } from '../language/schema.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import type { Training } from '../validation/spec.ts'

const ruleCall = callsTo<typeof import('../runtime/training/gradientRules.ts')>()

/** Lowers the optimizer. Its learning rate refers to the variable `learningRate`. Outer calls change gradients later: values are clipped before norms. */
export function lowerOptimizer({ type, options }: Choice, training: Training): Call {
  const { clipValue, clipNorm, weightDecay, gradientAccumulation = 1 } = training
  let rule = lookUp(optimizerTable, type).lower({ ...options, learningRate: reference('learningRate') })
  if (clipValue !== undefined) rule = ruleCall('clipByValue', rule, clipValue)
  if (clipNorm !== undefined) rule = ruleCall('clipByNorm', rule, clipNorm)
  if (weightDecay !== undefined) rule = ruleCall('decayWeights', rule, weightDecay)
  return gradientAccumulation > 1 ? ruleCall('accumulateGradients', rule, gradientAccumulation) : rule
}

/** Returns the options of the training loop. The others are part of the calls of optimizer, dataset and loss. */
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
