/** Turns samples into batches: gathers, scales and augments them, and creates the tensors of a step. */
import type * as tf from '@tensorflow/tfjs'
import { type SampleChange } from '../../script/augmentation.ts'
import { hasValues, type Samples } from './samples.ts'
import type { Values } from '../../script/samples.ts'
import { isStreamed } from './sampleStream.ts'
import { tensorOf, type TensorValues } from './tensorValues.ts'

/** The samples of one step. Whoever takes a batch disposes its tensors. */
export interface Batch {
  /** float32 [count, ...sampleShape] */
  readonly inputs: tf.Tensor
  /** int32 [count]: class indices; float32 [count]: values; float32 [count, classes]: the share of each class */
  readonly labels: tf.Tensor
  readonly count: number
}

/** The values of a batch before they are on the engine. */
export interface BatchValues extends Record<keyof GatheredSamples, TensorValues> {
  readonly count: number
}

interface PreparedBatch {
  readonly indices: Int32Array
  readonly start: number
  readonly end: number
  readonly step: number
}

interface GatheredSamples {
  readonly inputs: Float32Array
  readonly labels: Int32Array | Float32Array
}

/** The augmentation of every batch. */
export interface BatchChange {
  readonly change: SampleChange
  /** The seed of the run. */
  readonly seed: number
}

/**
 * Cuts batches out of samples without a second copy of the dataset: the chosen rows are gathered and scaled into one
 * reusable buffer, which becomes a tensor of the engine. Dispose a batch before taking the next, since the cpu engine
 * computes on that same buffer.
 */
export class BatchReader {
  readonly #samples: Samples
  readonly #change: BatchChange | undefined
  readonly #sampleSize: number
  /** The range that was prepared, and its step. */
  #prepared: PreparedBatch = { indices: new Int32Array(), start: 0, end: 0, step: 0 }
  /** All samples of the prepared batch, if the augmentation mixes them. */
  #mixed: GatheredSamples | undefined
  readonly #buffers = new Map<number, BatchValues & { readonly memory: GatheredSamples }>()

  /** @param change The augmentation of every batch. */
  constructor(samples: Samples, change?: BatchChange) {
    this.#samples = samples
    this.#change = change
    this.#sampleSize = samples.sampleShape.reduce((product, length) => product * length, 1)
  }

  /**
   * Prepares the samples with the indices `indices[start]` up to, not including, `indices[end]`; must precede `read` or
   * `gather` of them.
   *
   * @param step The training step, which determines how samples are augmented.
   * @returns A promise only if samples are read on demand and these are not ready.
   */
  prepare(indices: Int32Array, start: number, end: number, step = 0): undefined | Promise<void> {
    this.#prepared = { indices, start, end, step }
    this.#mixed = undefined
    const { inputs } = this.#samples
    return isStreamed(inputs) ? inputs.prepare(indices, start, end) : undefined
  }

  /** Reads the batch of the samples with the indices `indices[start]` up to, not including, `indices[end]`. */
  read(indices: Int32Array, start: number, end: number): Batch {
    const { inputs, labels, count } = this.readValues(indices, start, end)
    return { inputs: tensorOf(inputs), labels: tensorOf(labels), count }
  }

  /** Reads the same batch as values, which are overwritten when the next batch is read. */
  readValues(indices: Int32Array, start: number, end: number): BatchValues {
    const buffer = this.#bufferFor(end - start)
    this.gather(indices, start, end, buffer.memory.inputs, buffer.memory.labels)
    return buffer
  }

  /** The size of one label: one number, or one per class if samples are mixed. */
  get labelSize(): number {
    return this.#mixes ? (this.#samples.classes ?? 1) : 1
  }

  /** Whether labels are float32. */
  get hasFloatLabels(): boolean {
    return this.#mixes || hasValues(this.#samples)
  }

  get #mixes(): boolean {
    return this.#change?.change.mixes === true
  }

  /** Writes the same samples to the start of the caller's memory. */
  gather(
    indices: Int32Array,
    start: number,
    end: number,
    inputs: Float32Array,
    labels: Int32Array | Float32Array,
  ): void {
    if (!this.#mixes) return this.#gatherAlone(indices, start, end, inputs, labels)
    // A batch is mixed once as a whole, so that it is the same however many threads share it.
    this.#mixed ??= this.#gatherPrepared()
    const [from, to] = [start - this.#prepared.start, end - this.#prepared.start]
    inputs.set(this.#mixed.inputs.subarray(from * this.#sampleSize, to * this.#sampleSize))
    labels.set(this.#mixed.labels.subarray(from * this.labelSize, to * this.labelSize))
  }

  #gatherPrepared(): GatheredSamples {
    const { indices, start, end } = this.#prepared
    const [inputs, labels] = [this.#sampleSize, this.labelSize].map((size) => new Float32Array((end - start) * size))
    this.#gatherAlone(indices, start, end, inputs!, labels!)
    return { inputs: inputs!, labels: labels! }
  }

  #gatherAlone(
    indices: Int32Array,
    start: number,
    end: number,
    inputs: Float32Array,
    labels: Int32Array | Float32Array,
  ): void {
    const size = this.#sampleSize
    const { labelSize } = this
    const { inputs: source, labels: sourceLabels, scale } = this.#samples
    for (let row = 0; row < end - start; row++) {
      const index = indices[start + row]!
      if (labelSize > 1) labels[row * labelSize + sourceLabels[index]!] = 1
      else labels[row] = sourceLabels[index]!
      if (isStreamed(source)) scaleInto(inputs, row * size, source.sample(index), 0, size, scale)
      else scaleInto(inputs, row * size, source, index * size, size, scale)
    }
    const numbers = indices.subarray(start, end)
    const { change, seed } = this.#change ?? {}
    const mixed = labels instanceof Float32Array ? labels : undefined
    change?.apply(inputs, this.#samples.sampleShape, numbers, seed!, this.#prepared.step, mixed)
    this.#samples.normalization?.apply(inputs.subarray(0, numbers.length * size))
  }

  /** Releases samples that were read ahead. */
  release(): void {
    const { inputs } = this.#samples
    if (isStreamed(inputs)) inputs.release()
  }

  #bufferFor(count: number): BatchValues & { readonly memory: GatheredSamples } {
    let buffer = this.#buffers.get(count)
    if (buffer === undefined) {
      const size = count * this.labelSize
      const labels = this.hasFloatLabels ? new Float32Array(size) : new Int32Array(size)
      const inputs = new Float32Array(count * this.#sampleSize)
      buffer = {
        inputs: { values: inputs, shape: [count, ...this.#samples.sampleShape], dtype: 'float32' },
        labels: labelValues(labels, count),
        count,
        memory: { inputs, labels },
      }
      this.#buffers.set(count, buffer)
    }
    return buffer
  }
}

/** Describes labels: int32 class indices, float32 values, or float32 rows with the share of each class. */
export function labelValues(labels: Int32Array | Float32Array, count: number): TensorValues {
  const shape = labels.length === count ? [count] : [count, labels.length / count]
  return { values: labels, shape, dtype: labels instanceof Float32Array ? 'float32' : 'int32' }
}

function scaleInto(target: Float32Array, to: number, source: Values, from: number, size: number, scale: number): void {
  for (let element = 0; element < size; element++) target[to + element] = source[from + element]! * scale
}
