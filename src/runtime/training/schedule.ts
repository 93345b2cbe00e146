/** Where a run stands. */
export interface RunPosition {
  /** How many steps the optimizer has taken. */
  readonly step: number
  /** In an epoch. */
  readonly stepsPerEpoch: number
  /** Of the whole run. */
  readonly epochs: number
}

/**
 * The learning rate of a step, made of the optimizer's own. It depends on nothing else than where the run stands, so
 * that a run which is gone on with needs no memory of it.
 */
export type Schedule = (learningRate: number, position: RunPosition) => number

export interface WarmupOptions {
  /** For how many epochs the rate rises from 0 to the optimizer's own; 0 by default. */
  readonly warmup?: number
}

/** How far a run is in its schedule, in steps. */
export interface ScheduleProgress {
  /** Since the beginning. */
  readonly step: number
  /** Since the end of the warm-up, which need not be at a whole step. */
  readonly sinceWarmup: number
  /** From the end of the warm-up to that of the run. */
  readonly stepsAfterWarmup: number
  /** The length of so many epochs. */
  stepsIn(epochs: number): number
}

/**
 * A schedule behind a warm-up along a line, which is that of Keras (keras/src/optimizers/schedules, CosineDecay) from 0:
 * rate * step / warm-up steps.
 */
export function warmedUp({ warmup = 0 }: WarmupOptions, rateAfter: RateAfterWarmup): Schedule {
  return (learningRate, { step, stepsPerEpoch, epochs }) => {
    const stepsIn = (length: number): number => wholeIfClose(length * stepsPerEpoch)
    const warmupSteps = stepsIn(warmup)
    if (step < warmupSteps) return learningRate * (step / warmupSteps)
    return rateAfter(learningRate, {
      step,
      sinceWarmup: step - warmupSteps,
      stepsAfterWarmup: epochs * stepsPerEpoch - warmupSteps,
      stepsIn,
    })
  }
}

export type RateAfterWarmup = (learningRate: number, progress: ScheduleProgress) => number

/**
 * The whole number that was meant, where a product or quotient is one but for rounding: 0.55 * 100 is 55.00000000000001,
 * and 0.6 / 0.2 is 2.9999999999999996.
 */
export function wholeIfClose(value: number): number {
  const whole = Math.round(value)
  // The numbers and what is computed of them are each off by half an epsilon at most.
  return Math.abs(value - whole) <= 4 * Number.EPSILON * Math.abs(value) ? whole : value
}
