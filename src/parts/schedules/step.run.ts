import { type Schedule, warmedUp, type WarmupOptions, wholeIfClose } from '../../script/schedule.ts'

export interface StepScheduleOptions extends WarmupOptions {
  /** The number of epochs between falls of the rate, counted from the start of the run. */
  readonly every: number
  /** The factor of each fall; 0.1 by default. */
  readonly factor?: number
}

/** rate * factor ^ floor(step / steps in `every`) (torch.optim.lr_scheduler.StepLR, with step_size and gamma). */
export function stepSchedule({ every, factor = 0.1, ...options }: StepScheduleOptions): Schedule {
  return warmedUp(options, (learningRate, { step, stepsPerEpoch }) => {
    return learningRate * factor ** Math.floor(wholeIfClose(step / wholeIfClose(every * stepsPerEpoch)))
  })
}
