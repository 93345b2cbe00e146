/** Gradient accumulation: steps of several batches. */
import * as tf from '@tensorflow/tfjs'
import type { RunPosition } from './schedule.ts'

/** Sums gradients over the batches of a step. */
export class GradientSum {
  #sums: tf.NamedTensorMap = {}
  #samples = 0

  /** @param gradients The gradients of the mean loss over this number of samples. */
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

  /** Returns the gradients of the mean loss over all samples since the last call. */
  take(): tf.NamedTensorMap {
    const [sums, samples] = [this.#sums, this.#samples]
    this.#sums = {}
    this.#samples = 0
    const means = Object.entries(sums).map(([name, sum]) => [name, tf.div(sum, samples)] as const)
    tf.dispose(sums)
    return Object.fromEntries(means)
  }
}

/** The optimizer step of a batch; the last batch of an epoch ends a step. The argument counts batches, not steps. */
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
