import { type Schedule, warmedUp, type WarmupOptions } from '../../script/schedule.ts'

export interface MultiStepScheduleOptions extends WarmupOptions {
  /** After which epochs the rate falls; they count from the beginning of the run. */
  readonly at: readonly number[]
  /** What the rate is multiplied by each time; 0.1 by default. */
  readonly factor?: number
}

/** rate * factor ^ (how many of `at` are over) (torch.optim.lr_scheduler.MultiStepLR, with milestones and gamma). */
export function multiStepSchedule({ at, factor = 0.1, ...options }: MultiStepScheduleOptions): Schedule {
  return warmedUp(
    options,
    (learningRate, { step, stepsIn }) => learningRate * factor ** at.filter((end) => step >= stepsIn(end)).length,
  )
}
