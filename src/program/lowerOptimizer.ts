/** The optimizer to the call that makes it, with what `training` says of gradients and weights around it. */
import { call, reference, type Call } from '../language/expression.ts'
import { lookUp, type Choice } from '../language/schema.ts'
import { optimizerTable } from '../parts/optimizers/table.ts'
import type { Training } from '../validation/spec.ts'

/** Takes its learning rate from where it stands. What stands further out comes later: values are clipped before norms. */
export function lowerOptimizer({ type, options }: Choice, training: Training): Call {
  const { clipValue, clipNorm, weightDecay, gradientAccumulation = 1 } = training
  const wrappers = [
    ['clipByValue', clipValue],
    ['clipByNorm', clipNorm],
    ['decayWeights', weightDecay],
    ['accumulateGradients', gradientAccumulation > 1 ? gradientAccumulation : undefined],
  ] as const
  const rule = lookUp(optimizerTable, type).lower({ ...options, learningRate: reference('learningRate') })
  return wrappers.reduce((inner, [callee, value]) => (value === undefined ? inner : call(callee, inner, value)), rule)
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
