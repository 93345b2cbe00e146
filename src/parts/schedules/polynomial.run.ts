import { type Schedule, warmedUp, type WarmupOptions, wholeIfClose } from '../../script/schedule.ts'

export interface PolynomialScheduleOptions extends WarmupOptions {
  /** The number of epochs in which the rate falls; to the end of the run by default. */
  readonly epochs?: number
  /** The final rate; 0.0001 by default. */
  readonly endLearningRate?: number
  /** The exponent; 1 by default, for a line. */
  readonly power?: number
}

/**
 * (rate - end) * (1 - p) ^ power + end, where p rises from 0 after the warmup to 1
 * (keras.optimizers.schedules.PolynomialDecay).
 */
export function polynomialSchedule(options: PolynomialScheduleOptions = {}): Schedule {
  const { epochs, endLearningRate = 0.0001, power = 1 } = options
  return warmedUp(options, (learningRate, { sinceWarmup, stepsAfterWarmup, stepsPerEpoch }) => {
    const steps = epochs === undefined ? stepsAfterWarmup : wholeIfClose(epochs * stepsPerEpoch)
    const progress = Math.min(sinceWarmup / steps, 1)
    return (learningRate - endLearningRate) * (1 - progress) ** power + endLearningRate
  })
}
