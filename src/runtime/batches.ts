import * as tf from '@tensorflow/tfjs'
import { type SampleChange } from './augmentations/augmentation.ts'
import { hasValues, type Samples } from './datasets/samples.ts'
import { isStreamed } from './datasets/sampleStream.ts'

/** What one step sees. Whoever takes a batch disposes its tensors. */
export interface Batch {
  /** float32 [count, ...sampleShape] */
  readonly inputs: tf.Tensor
  /** int32 [count]: class indices; or float32 [count]: values */
  readonly labels: tf.Tensor1D
  readonly count: number
}

/** What is done to the samples of every batch. */
export interface BatchChange {
  readonly change: SampleChange
  /** The run's. */
  readonly seed: number
}

/**
 * Cuts batches out of samples without a second copy of the data set: the chosen rows are gathered and scaled into one
 * reusable buffer, which goes to the engine as a tensor. Dispose a batch before taking the next, since the cpu engine
 * computes on that very buffer.
 */
export class BatchReader {
  readonly #samples: Samples
  readonly #change: BatchChange | undefined
  readonly #sampleSize: number
  /** The step that the batch was prepared for. */
  #step = 0
  readonly #buffers = new Map<number, { readonly inputs: Float32Array; readonly labels: Int32Array | Float32Array }>()

  /** @param change What is done to the samples of every batch. */
  constructor(samples: Samples, change?: BatchChange) {
    this.#samples = samples
    this.#change = change
    this.#sampleSize = samples.sampleShape.reduce((product, length) => product * length, 1)
  }

  /**
   * Has to come before `read` or `gather` of the samples whose numbers stand in `indices` from `start` up to, not
   * including, `end`.
   *
   * @param step Of training, from which follows how samples are changed.
   * @returns A promise only where samples are read as they are needed, and these are not ready.
   */
  prepare(indices: Int32Array, start: number, end: number, step = 0): undefined | Promise<void> {
    this.#step = step
    const { inputs } = this.#samples
    return isStreamed(inputs) ? inputs.prepare(indices, start, end) : undefined
  }

  /** The batch of the samples whose numbers stand in `indices` from `start` up to, not including, `end`. */
  read(indices: Int32Array, start: number, end: number): Batch {
    const count = end - start
    const { inputs, labels } = this.#bufferFor(count)
    this.gather(indices, start, end, inputs, labels)
    return {
      inputs: tf.tensor(inputs, [count, ...this.#samples.sampleShape], 'float32'),
      labels: labelTensor(labels),
      count,
    }
  }

  /** Writes the same samples into memory of the caller's, from its beginning. */
  gather(
    indices: Int32Array,
    start: number,
    end: number,
    inputs: Float32Array,
    labels: Int32Array | Float32Array,
  ): void {
    const size = this.#sampleSize
    const { inputs: source, labels: sourceLabels, scale } = this.#samples
    for (let row = 0; row < end - start; row++) {
      const index = indices[start + row]!
      labels[row] = sourceLabels[index]!
      if (isStreamed(source)) scaleInto(inputs, row * size, source.sample(index), 0, size, scale)
      else scaleInto(inputs, row * size, source, index * size, size, scale)
    }
    const numbers = indices.subarray(start, end)
    this.#change?.change.apply(inputs, this.#samples.sampleShape, numbers, this.#change.seed, this.#step)
    this.#samples.normalization?.apply(inputs.subarray(0, numbers.length * size))
  }

  /** Lets go of what was made ready for later batches. */
  release(): void {
    const { inputs } = this.#samples
    if (isStreamed(inputs)) inputs.release()
  }

  #bufferFor(count: number): { readonly inputs: Float32Array; readonly labels: Int32Array | Float32Array } {
    let buffer = this.#buffers.get(count)
    if (buffer === undefined) {
      const labels = hasValues(this.#samples) ? new Float32Array(count) : new Int32Array(count)
      buffer = { inputs: new Float32Array(count * this.#sampleSize), labels }
      this.#buffers.set(count, buffer)
    }
    return buffer
  }
}

/** Labels as the engine takes them: int32 class indices, or float32 values. */
export function labelTensor(labels: Int32Array | Float32Array): tf.Tensor1D {
  return tf.tensor1d(labels, labels instanceof Float32Array ? 'float32' : 'int32')
}

function scaleInto(
  target: Float32Array,
  to: number,
  source: Uint8Array | Float32Array,
  from: number,
  size: number,
  scale: number,
): void {
  for (let element = 0; element < size; element++) target[to + element] = source[from + element]! * scale
}
