/** Types and warmup that learning rate schedules share. */

/** The position in a run, in steps of the optimizer. */
export type RunPosition = { readonly step: number; readonly stepsPerEpoch: number; readonly epochs: number }

/** Computes the learning rate of a step from that of the optimizer. */
export type Schedule = (learningRate: number, position: RunPosition) => number

/** The number of epochs in which the rate rises from 0 to that of the optimizer; 0 by default. */
export type WarmupOptions = { readonly warmup?: number }

/** The progress of a run in its schedule, in steps; the warmup may end at a fraction of a step. */
export type ScheduleProgress = { step: number; sinceWarmup: number; stepsAfterWarmup: number; stepsPerEpoch: number }
export type RateAfterWarmup = (learningRate: number, progress: ScheduleProgress) => number

/** A schedule after a linear warmup, rate * step / warmup steps (keras/src/optimizers/schedules, CosineDecay). */
export function warmedUp({ warmup = 0 }: WarmupOptions, rateAfter: RateAfterWarmup): Schedule {
  return (learningRate, { step, stepsPerEpoch, epochs }) => {
    const warmupSteps = wholeIfClose(warmup * stepsPerEpoch)
    if (step < warmupSteps) return learningRate * (step / warmupSteps)
    const stepsAfterWarmup = epochs * stepsPerEpoch - warmupSteps
    return rateAfter(learningRate, { step, sinceWarmup: step - warmupSteps, stepsAfterWarmup, stepsPerEpoch })
  }
}

/** Undoes the rounding error of a product that should be an integer: 0.55 * 100 is 55.00000000000001. */
export function wholeIfClose(value: number): number {
  const whole = Math.round(value)
  return Math.abs(value - whole) <= 4 * Number.EPSILON * Math.abs(value) ? whole : value
}
