import { type Schedule, warmedUp, type WarmupOptions, wholeIfClose } from '../../script/schedule.ts'

export interface ExponentialScheduleOptions extends WarmupOptions {
  /** The factor of the rate per `every` epochs. */
  readonly factor: number
  /** The period of `factor` in epochs; 1 by default. */
  readonly every?: number
}

/** rate * factor ^ (epochs since the warmup / every), updated every step (keras.optimizers.schedules.ExponentialDecay). */
export function exponentialSchedule({ factor, every = 1, ...options }: ExponentialScheduleOptions): Schedule {
  return warmedUp(options, (learningRate, { sinceWarmup, stepsPerEpoch }) => {
    return learningRate * factor ** wholeIfClose(sinceWarmup / wholeIfClose(every * stepsPerEpoch))
  })
}
