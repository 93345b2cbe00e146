/** The one-cycle schedule. */
import { type Schedule, wholeIfClose } from '../../script/schedule.ts'

export interface OneCycleScheduleOptions {
  /** The fraction of the run in which the rate rises; 0.3 by default. */
  readonly pctStart?: number
  /** The first rate is the optimizer's divided by this; 25 by default. */
  readonly divFactor?: number
  /** The last rate is the first divided by this; 10,000 by default. */
  readonly finalDivFactor?: number
  /** Whether the rate changes along a cosine (the default) or linearly. */
  readonly annealStrategy?: 'cos' | 'linear'
}

/**
 * Raises the rate to that of the optimizer, the largest, then lowers it to almost 0 at the last step of the run (Smith and
 * Topin, 2017; torch.optim.lr_scheduler.OneCycleLR in two phases, with the optimizer's rate as max_lr and without changes
 * of momentum).
 */
export function oneCycleSchedule(options: OneCycleScheduleOptions = {}): Schedule {
  const { pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4, annealStrategy = 'cos' } = options
  const anneal = annealStrategy === 'cos' ? alongCosine : alongLine
  return (learningRate, { step, stepsPerEpoch, epochs }) => {
    const first = learningRate / divFactor
    const lastStep = epochs * stepsPerEpoch - 1
    const peak = wholeIfClose(pctStart * (lastStep + 1)) - 1
    if (step <= peak) return anneal(first, learningRate, peak > 0 ? step / peak : 1)
    const start = Math.max(peak, 0)
    return anneal(
      learningRate,
      first / finalDivFactor,
      lastStep > start ? Math.min((step - start) / (lastStep - start), 1) : 1,
    )
  }
}

function alongCosine(from: number, to: number, progress: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * progress))
}

function alongLine(from: number, to: number, progress: number): number {
  return from + (to - from) * progress
}
