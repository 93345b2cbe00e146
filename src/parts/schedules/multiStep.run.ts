import { type Schedule, warmedUp, type WarmupOptions, wholeIfClose } from '../../script/schedule.ts'

export interface MultiStepScheduleOptions extends WarmupOptions {
  /** The epochs after which the rate falls, counted from the start of the run. */
  readonly at: readonly number[]
  /** The factor of each fall; 0.1 by default. */
  readonly factor?: number
}

/** rate * factor ^ (number of epochs in `at` that have passed) (torch.optim.lr_scheduler.MultiStepLR, with milestones and gamma). */
export function multiStepSchedule({ at, factor = 0.1, ...options }: MultiStepScheduleOptions): Schedule {
  return warmedUp(options, (learningRate, { step, stepsPerEpoch }) => {
    const falls = at.filter((epochs) => step >= wholeIfClose(epochs * stepsPerEpoch)).length
    return learningRate * factor ** falls
  })
}
