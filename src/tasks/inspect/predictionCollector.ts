/** Gathers the predictions of a network for all samples while it is evaluated, output by output. */
import type * as tf from '@tensorflow/tfjs'
import type { Batch } from '../../runtime/data/batches.ts'

/** The predictions of one output: a row of `units` numbers for each sample. */
export interface Answers {
  readonly units: number
  readonly rows: Float32Array
}

export interface CollectedPredictions {
  /** The label of each sample: its class, or one value. Undefined if labels have another form. */
  readonly labels: Float32Array | undefined
  /** Undefined for outputs that are not rows of numbers, such as sequences or images. */
  readonly outputs: readonly (Answers | undefined)[]
}

export class PredictionCollector {
  readonly #count: number
  readonly #labels: Float32Array
  #hasLabels = true
  readonly #outputs: (Answers | undefined)[] = []
  #seen = 0

  /** @param count The number of samples. */
  constructor(count: number) {
    this.#count = count
    this.#labels = new Float32Array(count)
  }

  /** Adds a batch: a visitor for `evaluateUnlessAborted`. */
  readonly visit = ({ labels, count }: Batch, predictions: readonly tf.Tensor[]): void => {
    if (labels.size === count) this.#labels.set(labels.dataSync(), this.#seen)
    else this.#hasLabels = false
    for (const [index, tensor] of predictions.entries()) {
      if (tensor.rank !== 2) continue
      const units = tensor.shape[1]!
      const answers = (this.#outputs[index] ??= { units, rows: new Float32Array(this.#count * units) })
      answers.rows.set(tensor.dataSync(), this.#seen * units)
    }
    this.#seen += count
  }

  /** @param outputs The number of outputs of the network. */
  read(outputs: number): CollectedPredictions {
    const gathered = Array.from({ length: outputs }, (_, index) => this.#outputs[index])
    return { labels: this.#hasLabels ? this.#labels : undefined, outputs: gathered }
  }
}
