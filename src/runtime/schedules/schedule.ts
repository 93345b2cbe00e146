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

/** How far a run is in its schedule, in epochs, which need not be whole. */
export interface ScheduleProgress {
  /** Since the beginning. */
  readonly epoch: number
  /** Since the end of the warm-up. */
  readonly sinceWarmup: number
  /** From the end of the warm-up to that of the run. */
  readonly epochsAfterWarmup: number
}

/**
 * A schedule behind a warm-up along a line, which is that of Keras (keras/src/optimizers/schedules, CosineDecay) from 0:
 * rate * step / warm-up steps.
 */
export function warmedUp({ warmup = 0 }: WarmupOptions, rateAfter: RateAfterWarmup): Schedule {
  return (learningRate, { step, stepsPerEpoch, epochs }) => {
    const epoch = step / stepsPerEpoch
    if (epoch < warmup) return learningRate * (epoch / warmup)
    return rateAfter(learningRate, { epoch, sinceWarmup: epoch - warmup, epochsAfterWarmup: epochs - warmup })
  }
}

export type RateAfterWarmup = (learningRate: number, progress: ScheduleProgress) => number
