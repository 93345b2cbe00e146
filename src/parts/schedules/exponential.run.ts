import { type Schedule, warmedUp, type WarmupOptions, wholeIfClose } from '../../script/schedule.ts'

export interface ExponentialScheduleOptions extends WarmupOptions {
  /** What the rate has been multiplied by after each `every` epochs. */
  readonly factor: number
  /** In epochs; 1 by default. */
  readonly every?: number
}

/** rate * factor ^ (epochs since the warm-up / every), from step to step (keras.optimizers.schedules.ExponentialDecay). */
export function exponentialSchedule({ factor, every = 1, ...options }: ExponentialScheduleOptions): Schedule {
  return warmedUp(options, (learningRate, { sinceWarmup, stepsIn }) => {
    return learningRate * factor ** wholeIfClose(sinceWarmup / stepsIn(every))
  })
}
