import * as tf from '@tensorflow/tfjs'
import { type Metric } from './metrics.ts'

/** Named values of one moment of training: `loss`, then each metric, `val_` before those of the validation. */
export type Logs = Readonly<Record<string, number>>

/**
 * The loss and the metrics over the batches seen so far, added up in scalars on the engine. Adding costs no transfer and
 * waits for nothing; only `read` does.
 *
 * The sums are float32, so counts are exact up to 2^24 samples.
 */
export class RunningLogs {
  readonly #metrics: readonly Metric[]
  /** The loss weighted by samples, then the counts of each metric in turn. */
  #sums: readonly tf.Scalar[] = []
  /** The same sums over batches whose sums came from elsewhere. */
  readonly #added: number[] = []
  #samples = 0

  constructor(metrics: readonly Metric[]) {
    this.#metrics = metrics
  }

  /**
   * Takes in one batch.
   *
   * @param loss The batch's mean.
   * @param samples The batch's size, by which its loss is weighted.
   */
  add(loss: tf.Scalar, labels: tf.Tensor, predictions: tf.Tensor, samples: number): void {
    const before = this.#sums
    this.#sums = tf.tidy(() => {
      const counts = this.#metrics.flatMap((metric) => metric.count(labels, predictions))
      const batch = [tf.mul<tf.Scalar>(loss, samples), ...counts]
      return batch.map((value, index) => tf.keep(tf.add<tf.Scalar>(before[index] ?? 0, value)))
    })
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

  /** Reads the sums from the engine: the loss weighted by samples, then the counts of each metric in turn. */
  readSums(): readonly number[] {
    const length = Math.max(this.#sums.length, this.#added.length)
    return Array.from({ length }, (_, index) => (this.#sums[index]?.dataSync()[0] ?? 0) + (this.#added[index] ?? 0))
  }

  /** Reads the values from the engine; NaN before the first batch. */
  read(): Logs {
    const sums = this.readSums()
    const logs: Record<string, number> = { loss: (sums[0] ?? Number.NaN) / this.#samples }
    let next = 1
    for (const metric of this.#metrics) {
      logs[metric.name] = metric.result(sums.slice(next, next + metric.size), this.#samples)
      next += metric.size
    }
    return logs
  }

  dispose(): void {
    tf.dispose([...this.#sums])
    this.#sums = []
  }
}
