import { type Schedule, warmedUp, type WarmupOptions, wholeIfClose } from '../../script/schedule.ts'

/** The epochs in which the rate falls (by default, to the end of the run), and its final fraction (0 by default). */
export type CosineOptions = WarmupOptions & { readonly epochs?: number; readonly alpha?: number }

/** rate * ((1 - alpha) * (1 + cos(π * p)) / 2 + alpha), where p rises from 0 after the warmup to 1 (Keras's CosineDecay). */
export function cosineSchedule({ epochs, alpha = 0, ...options }: CosineOptions = {}): Schedule {
  return warmedUp(options, (learningRate, { sinceWarmup, stepsAfterWarmup, stepsPerEpoch }) => {
    const steps = epochs === undefined ? stepsAfterWarmup : wholeIfClose(epochs * stepsPerEpoch)
    const progress = Math.min(sinceWarmup / steps, 1)
    return learningRate * ((1 - alpha) * 0.5 * (1 + Math.cos(Math.PI * progress)) + alpha)
  })
}
