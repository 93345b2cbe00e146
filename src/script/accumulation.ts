/** Steps that take several batches. */
import * as tf from '@tensorflow/tfjs'
import type { RunPosition } from './schedule.ts'

/** Gradients added up over the batches of a step. */
export class GradientSum {
  #sums: tf.NamedTensorMap = {}
  #samples = 0

  /** @param gradients Of the mean over so many samples. */
  add(gradients: tf.NamedTensorMap, samples: number): void {
    const before = this.#sums
    this.#sums = Object.fromEntries(
      Object.entries(gradients).map(([name, gradient]) => {
        const own = tf.mul(gradient, samples)
        return [name, tf.keep(before[name] ? tf.add(before[name], own) : own)]
      }),
    )
    this.#samples += samples
    tf.dispose(before)
  }

  /** The gradients of the mean over all samples since it was taken last. */
  take(): tf.NamedTensorMap {
    const [sums, samples] = [this.#sums, this.#samples]
    this.#sums = {}
    this.#samples = 0
    const means = Object.entries(sums).map(([name, sum]) => [name, tf.div(sum, samples)] as const)
    tf.dispose(sums)
    return Object.fromEntries(means)
  }
}

/** The step of the optimizer that a batch belongs to; an epoch ends a step. `position` counts batches. */
export function stepOfBatches(
  { step, stepsPerEpoch, epochs }: RunPosition,
  batches: number,
): RunPosition & { isLast: boolean } {
  const stepsOfEpoch = Math.ceil(stepsPerEpoch / batches)
  const batch = step % stepsPerEpoch
  return {
    step: Math.floor(step / stepsPerEpoch) * stepsOfEpoch + Math.floor(batch / batches),
    stepsPerEpoch: stepsOfEpoch,
    epochs,
    isLast: (batch + 1) % batches === 0 || batch + 1 === stepsPerEpoch,
  }
}
