import { type Schedule, warmedUp, type WarmupOptions } from '../../script/schedule.ts'

export interface CosineScheduleOptions extends WarmupOptions {
  /** How long the rate falls; to the end of the run by default. */
  readonly epochs?: number
  /** The part of the rate that is left in the end; 0 by default. */
  readonly alpha?: number
}

/**
 * rate * ((1 - alpha) * (1 + cos(π * p)) / 2 + alpha), where p goes from 0 at the end of the warm-up to 1
 * (keras.optimizers.schedules.CosineDecay; Loshchilov and Hutter, 2016).
 */
export function cosineSchedule({ epochs, alpha = 0, ...options }: CosineScheduleOptions = {}): Schedule {
  return warmedUp(options, (learningRate, { sinceWarmup, stepsAfterWarmup, stepsIn }) => {
    const progress = Math.min(sinceWarmup / (epochs === undefined ? stepsAfterWarmup : stepsIn(epochs)), 1)
    return learningRate * ((1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * progress)) + alpha)
  })
}
