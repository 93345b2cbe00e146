import { type Schedule, wholeIfClose } from '../../script/schedule.ts'

export interface OneCycleScheduleOptions {
  /** The part of the run in which the rate rises; 0.3 by default. */
  readonly pctStart?: number
  /** The rate begins as the optimizer's divided by this; 25 by default. */
  readonly divFactor?: number
  /** It ends as that of the beginning divided by this; 10,000 by default. */
  readonly finalDivFactor?: number
  /** Whether it rises and falls along a cosine, the default, or a line. */
  readonly annealStrategy?: 'cos' | 'linear'
}

/**
 * The rate rises to the optimizer's own, which is the largest, and falls to next to nothing at the last step of the run
 * (torch.optim.lr_scheduler.OneCycleLR in two phases, whose max_lr is the optimizer's rate; momentum is left alone;
 * Smith and Topin, 2017).
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
