import { isStreamed, type SampleStream } from './sampleStream.ts'

/** A data set: its labels in memory, its inputs there too or read as they are needed. */
export interface DatasetSplits {
  readonly train: Samples
  /** What each epoch is validated on; without it, what `validationSplit` holds out. */
  readonly validation?: Samples
  readonly test: Samples
  /** What each class index stands for. */
  readonly classNames: readonly string[]
}

/** Labelled samples. Their numbers stay in the type of the file they came from; only batches become float32. */
export interface Samples {
  /** `count` samples of `sampleShape` one after the other, channels last; or what reads them as they are needed. */
  readonly inputs: Uint8Array | Float32Array | SampleStream
  /** The shape of one sample. */
  readonly sampleShape: readonly number[]
  /** What an input is multiplied by on its way into a batch: 1/255 takes bytes to [0, 1]. */
  readonly scale: number
  /** The class index of each sample, from 0 to `classes - 1`. */
  readonly labels: Uint8Array | Int32Array
  readonly count: number
  readonly classes: number
}

/**
 * The inputs of samples that are in memory.
 *
 * @throws RangeError where they are read as they are needed.
 */
export function inputsInMemory({ inputs }: Samples): Uint8Array | Float32Array {
  if (isStreamed(inputs)) throw new RangeError('these samples are not in memory')
  return inputs
}

/** The samples from `start` up to, not including, `end`. Shares memory with the given ones. */
export function sliceSamples(samples: Samples, start: number, end: number): Samples {
  return {
    ...samples,
    inputs: sliceInputs(samples, start, end),
    labels: samples.labels.subarray(start, end),
    count: end - start,
  }
}

function sliceInputs({ inputs, count }: Samples, start: number, end: number): Samples['inputs'] {
  if (isStreamed(inputs)) return inputs.select(Int32Array.from({ length: end - start }, (_, index) => start + index))
  const size = inputs.length / count
  return inputs.subarray(start * size, end * size)
}

/**
 * Holds out the last `fraction` of the samples for validation, as Keras does: the split is at
 * floor(count * (1 - fraction)).
 *
 * @returns `validation` is left out where the fraction is too small for a single sample.
 */
export function splitForValidation(
  samples: Samples,
  fraction: number,
): { readonly train: Samples; readonly validation?: Samples } {
  const splitAt = Math.floor(samples.count * (1 - fraction))
  if (splitAt >= samples.count) return { train: samples }
  return {
    train: sliceSamples(samples, 0, splitAt),
    validation: sliceSamples(samples, splitAt, samples.count),
  }
}
