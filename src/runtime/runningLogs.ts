import * as tf from '@tensorflow/tfjs'
import { type OutputObjective } from './objective.ts'
import { type StepResult } from './trainingStep.ts'

/**
 * Named values of one moment of training: `loss`, then each metric, `val_` before those of the validation. Of several
 * outputs, as Keras names them: `loss` of all, `digit_loss` of each, then `digit_accuracy`.
 */
export type Logs = Readonly<Record<string, number>>

/** What running logs have taken in. */
export interface SavedLogs {
  /** Those on the engine. */
  readonly sums: readonly number[]
  /** Those that came from elsewhere. */
  readonly added: readonly number[]
  readonly samples: number
}

/**
 * The loss and the metrics over the batches seen so far, added up in scalars on the engine. Adding costs no transfer and
 * waits for nothing; only `read` does.
 *
 * The sums are float32, so counts are exact up to 2^24 samples.
 */
export class RunningLogs {
  readonly #objectives: readonly OutputObjective[]
  /** The loss, and that of each of several outputs, weighted by samples; then the counts of each metric in turn. */
  #sums: readonly tf.Scalar[]
  /** The same sums over batches whose sums came from elsewhere. */
  readonly #added: number[] = []
  #samples = 0

  constructor(objectives: readonly OutputObjective[]) {
    this.#objectives = objectives
    this.#sums = []
    this.reset()
  }

  /** Begins anew. */
  reset(): void {
    this.restore({ sums: Array.from({ length: countSums(this.#objectives) }, () => 0), added: [], samples: 0 })
  }

  /** Reads from the engine all that was taken in. */
  save(): SavedLogs {
    return { sums: this.#sums.map((sum) => sum.dataSync()[0]!), added: [...this.#added], samples: this.#samples }
  }

  /** Goes on from what `save` gave. */
  restore({ sums, added, samples }: SavedLogs): void {
    this.dispose()
    this.#sums = sums.map((sum) => tf.keep(tf.scalar(sum)))
    this.#added.splice(0, this.#added.length, ...added)
    this.#samples = samples
  }

  /**
   * Takes in one batch.
   *
   * @param samples The batch's size, by which its loss is weighted.
   */
  add(result: StepResult, labels: tf.Tensor, samples: number): void {
    this.advance((sums) => addToSums(this.#objectives, sums, result, labels, samples), samples)
  }

  /** Takes in one batch by a step that gives the sums with those of the batch added. */
  advance(step: (sums: readonly tf.Scalar[]) => readonly tf.Scalar[], samples: number): void {
    const before = this.#sums
    this.#sums = step(before).map((sum) => tf.keep(sum))
    tf.dispose([...before])
    this.#samples += samples
  }

  /** Takes in what `readSums` of another one gave for so many samples. */
  addSums(sums: Iterable<number>, samples: number): void {
    let index = 0
    for (const sum of sums) {
      this.#added[index] = (this.#added[index] ?? 0) + sum
      index++
    }
    this.#samples += samples
  }

  /** Reads the sums from the engine: of the losses weighted by samples, then the counts of each metric in turn. */
  readSums(): readonly number[] {
    const length = Math.max(this.#sums.length, this.#added.length)
    return Array.from({ length }, (_, index) => (this.#sums[index]?.dataSync()[0] ?? 0) + (this.#added[index] ?? 0))
  }

  /** Reads the values from the engine; NaN before the first batch. */
  read(): Logs {
    const sums = this.readSums()
    const logs: Record<string, number> = {}
    let next = 0
    for (const name of lossNames(this.#objectives)) {
      logs[name] = (sums[next] ?? Number.NaN) / this.#samples
      next++
    }
    for (const { prefix, metrics } of this.#objectives) {
      for (const metric of metrics) {
        logs[prefix + metric.name] = metric.result(sums.slice(next, next + metric.size), this.#samples)
        next += metric.size
      }
    }
    return logs
  }

  dispose(): void {
    tf.dispose([...this.#sums])
    this.#sums = []
  }
}

/** The sums of running logs with those of one batch added; they are new tensors. */
export function addToSums(
  objectives: readonly OutputObjective[],
  sums: readonly tf.Scalar[],
  { loss, outputLosses, predictions }: StepResult,
  labels: tf.Tensor,
  samples: number,
): tf.Scalar[] {
  return tf.tidy(() => {
    const counts = objectives.flatMap(({ metrics }, index) =>
      metrics.flatMap((metric) => metric.count(labels, predictions[index]!)),
    )
    const losses = [loss, ...outputLosses].map((value) => tf.mul<tf.Scalar>(value, samples))
    return [...losses, ...counts].map((value, index) => tf.add<tf.Scalar>(sums[index]!, value))
  })
}

/** How many sums the logs of these outputs consist of. */
export function countSums(objectives: readonly OutputObjective[]): number {
  const counts = objectives.flatMap(({ metrics }) => metrics.map(({ size }) => size))
  return counts.reduce((total, size) => total + size, lossNames(objectives).length)
}

function lossNames(objectives: readonly OutputObjective[]): string[] {
  return ['loss', ...(objectives.length > 1 ? objectives.map(({ prefix }) => `${prefix}loss`) : [])]
}
