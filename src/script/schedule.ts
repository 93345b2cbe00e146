/** What schedules of the learning rate share. */

/** Where a run is, counted in steps of the optimizer. */
export type RunPosition = { readonly step: number; readonly stepsPerEpoch: number; readonly epochs: number }

/** The learning rate of a step, from the optimizer's own. */
export type Schedule = (learningRate: number, position: RunPosition) => number

/** For how many epochs the rate rises from 0 to the optimizer's own; 0 by default. */
export type WarmupOptions = { readonly warmup?: number }

/** How far a run is in its schedule, in steps; the warm-up need not end at a whole one. */
export type ScheduleProgress = Steps & { stepsIn: (epochs: number) => number }
export type Steps = Record<'step' | 'sinceWarmup' | 'stepsAfterWarmup', number>
export type RateAfterWarmup = (learningRate: number, progress: ScheduleProgress) => number

/** A schedule after a warm-up along a line (keras/src/optimizers/schedules, CosineDecay): rate * step / warm-up steps. */
export function warmedUp({ warmup = 0 }: WarmupOptions, rateAfter: RateAfterWarmup): Schedule {
  return (learningRate, { step, stepsPerEpoch, epochs }) => {
    const stepsIn = (length: number) => wholeIfClose(length * stepsPerEpoch)
    const warmupSteps = stepsIn(warmup)
    if (step < warmupSteps) return learningRate * (step / warmupSteps)
    const stepsAfterWarmup = epochs * stepsPerEpoch - warmupSteps
    return rateAfter(learningRate, { step, sinceWarmup: step - warmupSteps, stepsAfterWarmup, stepsIn })
  }
}

/** The whole number that a product is but for rounding, by half an epsilon at most: 0.55 * 100 is 55.00000000000001. */
export function wholeIfClose(value: number): number {
  const whole = Math.round(value)
  return Math.abs(value - whole) <= 4 * Number.EPSILON * Math.abs(value) ? whole : value
}
