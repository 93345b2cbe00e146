/** Adds up the loss and the metrics of an epoch, batch by batch. */
import * as tf from '@tensorflow/tfjs'
import { computesLater, fetchValues } from '../engines/fetchValues.ts'
import { type OutputObjective } from './objective.ts'
import { chooseForLogits } from './probabilityLogits.ts'
import { type StepResult } from './trainingStep.ts'

/**
 * Named values at one point of training: `loss`, then each metric, with the prefix `val_` for validation. With several
 * outputs they are named as in Keras: the total `loss`, `digit_loss` of each, then `digit_accuracy`.
 */
export type Logs = Readonly<Record<string, number>>

/** The state of running logs in a checkpoint. */
export interface SavedLogs {
  readonly sums: readonly number[]
  readonly samples: number
}

/** The number of steps that are started before an engine that computes asynchronously has finished an earlier one. */
export const stepsAhead = 2

/**
 * The loss and the metrics over the batches so far. Each batch gives a few float32 numbers, which are read and summed
 * as float64, so that an epoch may have any number of batches. Most engines compute synchronously, so reading a number
 * costs less than a kernel that adds it. On the others, the numbers of the latest batches are added by `settle`.
 */
export class RunningLogs {
  readonly #objectives: readonly OutputObjective[]
  /**
   * The total loss and, with several outputs, the loss of each, weighted by samples; then the sums of each metric in
   * turn.
   */
  readonly #sums: number[]
  #samples = 0
  /** The counts of batches that were not added yet, in order. */
  readonly #arriving: ArrivingCounts[] = []

  constructor(objectives: readonly OutputObjective[]) {
    this.#objectives = objectives
    this.#sums = Array.from({ length: countSums(objectives) }, () => 0)
  }

  /** The number of values that `countBatch` returns for each batch. */
  get counts(): number {
    const counts = this.#objectives.flatMap(({ metrics }) =>
      metrics.map(({ size, float64 }) => float64?.counts ?? size),
    )
    return counts.reduce((total, count) => total + count, lossNames(this.#objectives).length)
  }

  /** Clears all sums. */
  reset(): void {
    this.#sums.fill(0)
    this.#samples = 0
  }

  save(): SavedLogs {
    return { sums: [...this.#sums], samples: this.#samples }
  }

  /** Continues from the state that `save` returned. */
  restore({ sums, samples }: SavedLogs): void {
    this.reset()
    this.addSums(sums, samples)
  }

  /**
   * Adds one batch, at once or in `settle`, and disposes its counts.
   *
   * @param counts The tensors that `countBatch` returned.
   */
  addCounts(counts: readonly tf.Tensor[], samples: number): void {
    if (computesLater()) {
      this.#arriving.push(fetchCounts(counts, samples))
      return
    }
    this.add(
      counts.map((counted) => counted.dataSync()[0]!),
      samples,
    )
    tf.dispose([...counts])
  }

  /**
   * Adds the counts of all batches but the latest.
   *
   * @param latest The number of batches whose counts may still be computed, so that the engine always has work.
   * @returns A promise only if there is something to wait for.
   */
  settle(latest = 0): undefined | Promise<void> {
    return this.#arriving.length > latest ? this.#addArriving(latest) : undefined
  }

  async #addArriving(latest: number): Promise<void> {
    while (this.#arriving.length > latest) {
      const { values, samples } = this.#arriving.shift()!
      this.add(await values, samples)
    }
  }

  /**
   * Adds one batch.
   *
   * @param counted The values that `countBatch` returned.
   * @param samples The size of the batch, by which its loss is weighted.
   */
  add(counted: readonly number[], samples: number): void {
    const losses = lossNames(this.#objectives).length
    let next = losses
    const ofMetrics = this.#objectives.flatMap(({ metrics }) =>
      metrics.flatMap(({ size, float64 }) => {
        const own = counted.slice(next, next + (float64?.counts ?? size))
        next += own.length
        return float64?.sums(own) ?? own
      }),
    )
    this.addSums([...counted.slice(0, losses).map((loss) => loss * samples), ...ofMetrics], samples)
  }

  /** Adds the sums of other running logs over that many samples. */
  addSums(sums: Iterable<number>, samples: number): void {
    let index = 0
    for (const sum of sums) {
      this.#sums[index] = this.#sums[index]! + sum
      index++
    }
    this.#samples += samples
  }

  /** The losses weighted by samples, then the sums of each metric in turn. */
  get sums(): readonly number[] {
    return this.#sums
  }

  /** Computes the loss and metrics so far; NaN before the first batch. */
  read(): Logs {
    const logs: Record<string, number> = {}
    let next = 0
    for (const name of lossNames(this.#objectives)) {
      logs[name] = this.#sums[next]! / this.#samples
      next++
    }
    for (const { prefix, metrics } of this.#objectives) {
      for (const metric of metrics) {
        logs[prefix + metric.name] = metric.result(this.#sums.slice(next, next + metric.size), this.#samples)
        next += metric.size
      }
    }
    return logs
  }
}

/**
 * Returns what a batch adds to the logs: its loss, the loss of each of several outputs, then the counts of each metric
 * in turn.
 */
export function countBatch(
  objectives: readonly OutputObjective[],
  { loss, outputLosses, predictions, logits }: StepResult,
  labels: tf.Tensor,
): tf.Scalar[] {
  const counts = objectives.flatMap(({ metrics }, index) =>
    metrics.flatMap((metric) => {
      const { judge, answers } = chooseForLogits(metric, predictions[index]!, logits[index])
      return tf.tidy(() => judge.count(labels, answers))
    }),
  )
  return [loss, ...outputLosses, ...counts]
}

/** The counts of a batch while the engine computes them. */
interface ArrivingCounts {
  readonly values: Promise<readonly number[]>
  readonly samples: number
}

/** Fetches the counts of a batch as one tensor, and disposes them. */
function fetchCounts(counts: readonly tf.Tensor[], samples: number): ArrivingCounts {
  const vector = tf.tidy(() => tf.concat1d(counts.map((one) => tf.cast(tf.reshape(one, [1]), 'float32'))))
  tf.dispose([...counts])
  const values = (async () => {
    await fetchValues([vector])
    const read = [...vector.dataSync()]
    vector.dispose()
    return read
  })()
  // The error is thrown where the values are added.
  values.catch(() => undefined)
  return { values, samples }
}

/** The number of sums in the logs of these outputs. */
export function countSums(objectives: readonly OutputObjective[]): number {
  const counts = objectives.flatMap(({ metrics }) => metrics.map(({ size }) => size))
  return counts.reduce((total, size) => total + size, lossNames(objectives).length)
}

function lossNames(objectives: readonly OutputObjective[]): string[] {
  return ['loss', ...(objectives.length > 1 ? objectives.map(({ prefix }) => `${prefix}loss`) : [])]
}
