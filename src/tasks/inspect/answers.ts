/** Gathers what a network answers to all samples, output by output, while it is evaluated. */
import type * as tf from '@tensorflow/tfjs'
import type { Batch } from '../../runtime/data/batches.ts'

/** What one output answered: a row of `units` numbers for each sample. */
export interface Answers {
  readonly units: number
  readonly rows: Float32Array
}

export interface GatheredAnswers {
  /** What each sample is compared with: its class, or one value. Undefined where labels are of another kind. */
  readonly labels: Float32Array | undefined
  /** Undefined where an output gives no row of numbers, but a sequence or an image. */
  readonly outputs: readonly (Answers | undefined)[]
}

export class AnswerGatherer {
  readonly #count: number
  readonly #labels: Float32Array
  #hasLabels = true
  readonly #outputs: (Answers | undefined)[] = []
  #seen = 0

  /** @param count How many samples will come. */
  constructor(count: number) {
    this.#count = count
    this.#labels = new Float32Array(count)
  }

  /** Takes in a batch: a visitor for `evaluateUnlessAborted`. */
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

  read(outputs: number): GatheredAnswers {
    const gathered = Array.from({ length: outputs }, (_, index) => this.#outputs[index])
    return { labels: this.#hasLabels ? this.#labels : undefined, outputs: gathered }
  }
}
