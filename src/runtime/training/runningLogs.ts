/** Adds up the loss and the metrics of an epoch, batch by batch. */
import * as tf from '@tensorflow/tfjs'
import { type OutputObjective } from './objective.ts'
import { chooseJudge } from './probabilityLogits.ts'
import { type StepResult } from './trainingStep.ts'

/**
 * Named values of one moment of training: `loss`, then each metric, `val_` before those of the validation. Of several
 * outputs, as Keras names them: `loss` of all, `digit_loss` of each, then `digit_accuracy`.
 */
export type Logs = Readonly<Record<string, number>>

/** What running logs have taken in. */
export interface SavedLogs {
  readonly sums: readonly number[]
  readonly samples: number
}

/**
 * The loss and the metrics over the batches seen so far. Each batch gives a few float32 numbers, which are read and added
 * up as float64, so that an epoch may have any number of batches: engines compute as they are called, and to read a
 * number costs less than a kernel that adds it.
 */
export class RunningLogs {
  readonly #objectives: readonly OutputObjective[]
  /** The loss, and that of each of several outputs, weighted by samples; then the sums of each metric in turn. */
  readonly #sums: number[]
  #samples = 0

  constructor(objectives: readonly OutputObjective[]) {
    this.#objectives = objectives
    this.#sums = Array.from({ length: countSums(objectives) }, () => 0)
  }

  /** How many numbers each batch gives: as many as `countBatch` has. */
  get counts(): number {
    const counts = this.#objectives.flatMap(({ metrics }) =>
      metrics.map(({ size, float64 }) => float64?.counts ?? size),
    )
    return counts.reduce((total, count) => total + count, lossNames(this.#objectives).length)
  }

  /** Begins anew. */
  reset(): void {
    this.#sums.fill(0)
    this.#samples = 0
  }

  save(): SavedLogs {
    return { sums: [...this.#sums], samples: this.#samples }
  }

  /** Goes on from what `save` gave. */
  restore({ sums, samples }: SavedLogs): void {
    this.reset()
    this.addSums(sums, samples)
  }

  /**
   * Takes in one batch.
   *
   * @param counted The values of what `countBatch` gave.
   * @param samples The batch's size, by which its loss is weighted.
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

  /** Takes in the sums of another one over so many samples. */
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

  /** The values; NaN before the first batch. */
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

/** What a batch gives the logs: its loss, that of each of several outputs, then the counts of each metric in turn. */
export function countBatch(
  objectives: readonly OutputObjective[],
  { loss, outputLosses, predictions, logits }: StepResult,
  labels: tf.Tensor,
): tf.Scalar[] {
  const counts = objectives.flatMap(({ metrics }, index) =>
    metrics.flatMap((metric) => {
      const { judge, answers } = chooseJudge(metric, predictions[index]!, logits[index])
      return tf.tidy(() => judge.count(labels, answers))
    }),
  )
  return [loss, ...outputLosses, ...counts]
}

/** How many sums the logs of these outputs consist of. */
export function countSums(objectives: readonly OutputObjective[]): number {
  const counts = objectives.flatMap(({ metrics }) => metrics.map(({ size }) => size))
  return counts.reduce((total, size) => total + size, lossNames(objectives).length)
}

function lossNames(objectives: readonly OutputObjective[]): string[] {
  return ['loss', ...(objectives.length > 1 ? objectives.map(({ prefix }) => `${prefix}loss`) : [])]
}
