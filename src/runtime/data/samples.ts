/** The types of samples, and functions that select, split and partition them. */
import type { Data, Samples as SamplesInMemory } from '../../script/samples.ts'
import { pickRows } from '../../script/splits.ts'
import { isStreamed, type SampleStream } from './sampleStream.ts'

/** A dataset: its labels in memory, its inputs in memory or read on demand. */
export interface DatasetSplits {
  readonly train: Samples
  /** The validation samples; if absent, those that `validationSplit` holds out. */
  readonly validation?: Samples
  /** The samples on which the trained network is evaluated. */
  readonly test?: Samples
  /** The name of each class index; empty if labels are values. */
  readonly classNames: readonly string[]
  /** Given the training samples, returns a transformation of all samples; `prepareSplits` applies it. */
  readonly fit?: (train: Samples) => (samples: Samples) => Samples
}

/** Labelled samples, in memory as in scripts, or read on demand. */
export interface Samples extends Omit<Readonly<SamplesInMemory>, 'inputs'> {
  readonly inputs: SamplesInMemory['inputs'] | SampleStream
  /** The normalization of inputs after scaling and augmentation. */
  readonly normalization?: InputNormalization
  /** The number of classes; absent if labels are values. */
  readonly classes?: number
  /** The encoding of samples that were rows of a table. */
  readonly table?: TableEncoding
  /** The origin of a sample, for messages. */
  readonly origin?: (sample: number) => SampleOrigin
  /** The names of a sample's values, if they have names: the columns of a table. */
  readonly inputNames?: readonly string[]
}

/** The file of a sample, and its line or number there. */
export interface SampleOrigin {
  readonly file: string
  readonly line?: number
  readonly number?: number
  /** The text of numbers that exceed float32, by their index in the sample; -1 is the label. */
  readonly written?: ReadonlyMap<number, string>
}

/** The encoding of table columns as the values of a sample: plain data, which is saved with the model. */
export interface TableEncoding {
  /** The columns that are inputs, in order: categories as ones and zeros, or by their index in `values`. */
  readonly columns: readonly {
    readonly name: string
    readonly type: 'number' | 'oneHot' | 'index'
    readonly values?: readonly string[]
  }[]
  /** Subtracted from each value of a sample; the result is multiplied by `scale`. */
  readonly shift?: readonly number[]
  readonly scale?: readonly number[]
}

/** The normalization (value - mean) / std, per channel. */
export interface InputNormalization {
  /** One number per channel. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Changes samples in place. */
  apply(inputs: Float32Array): void
}

/**
 * Adds the number of classes to the data of a script's reader, and names them by their indices.
 *
 * @param classes Undefined if labels are values.
 */
export function withClasses(data: Data, classes: number | undefined): DatasetSplits {
  const { train, validation, test } = data
  const add = (samples: SamplesInMemory) => ({ ...samples, ...(classes !== undefined && { classes }) })
  return {
    train: add(train),
    ...(validation && { validation: add(validation) }),
    ...(test && { test: add(test) }),
    classNames: Array.from({ length: classes ?? 0 }, (_, label) => String(label)),
  }
}

/** Whether labels are values to predict instead of classes. */
export function hasValues({ labels }: Samples): boolean {
  return labels instanceof Float32Array
}

/**
 * Returns the inputs of samples in memory.
 *
 * @throws RangeError if they are read on demand.
 */
export function inputsInMemory({ inputs }: Samples): SamplesInMemory['inputs'] {
  if (!isStreamed(inputs)) return inputs
  if (inputs.everySample === undefined) throw new RangeError('these samples are not in memory')
  return inputs.everySample()
}

/** Selects the samples from `start` up to, not including, `end`. Shares memory with the given ones. */
export function sliceSamples(samples: Samples, start: number, end: number): Samples {
  return {
    ...samples,
    inputs: sliceInputs(samples, start, end),
    labels: samples.labels.subarray(start, end),
    count: end - start,
    ...(samples.origin && { origin: (sample: number) => samples.origin!(start + sample) }),
  }
}

/** Selects the samples with these indices, in this order. Those in memory are copied. */
export function selectSamples(samples: Samples, numbers: Int32Array): Samples {
  const { inputs } = samples
  return {
    ...describeSelection(samples, numbers),
    inputs: isStreamed(inputs) ? inputs.select(numbers) : pickRows(inputs, inputs.length / samples.count, numbers),
  }
}

/**
 * Splits samples in two parts. Inputs in memory are reordered in place, which avoids a second copy; the given samples
 * must not be used afterwards.
 *
 * @param first Indices of samples in ascending order. `rest` has all others, also ascending.
 */
export function partitionSamples(
  samples: Samples,
  first: Int32Array,
  rest: Int32Array,
): { readonly first: Samples; readonly rest: Samples } {
  const { inputs } = samples
  if (isStreamed(inputs)) return { first: selectSamples(samples, first), rest: selectSamples(samples, rest) }
  const size = inputs.length / samples.count
  const aside = pickRows(inputs, size, rest)
  for (const [place, number] of first.entries()) inputs.copyWithin(place * size, number * size, (number + 1) * size)
  inputs.set(aside, first.length * size)
  return {
    first: { ...describeSelection(samples, first), inputs: inputs.subarray(0, first.length * size) },
    rest: { ...describeSelection(samples, rest), inputs: inputs.subarray(first.length * size) },
  }
}

/** Selects everything but the inputs of the samples with these indices. */
function describeSelection({ inputs: _others, ...samples }: Samples, numbers: Int32Array): Omit<Samples, 'inputs'> {
  const { labels, origin } = samples
  return {
    ...samples,
    labels: pickRows(labels, 1, numbers),
    count: numbers.length,
    ...(origin && { origin: (sample: number) => origin(numbers[sample]!) }),
  }
}

function sliceInputs({ inputs, count }: Samples, start: number, end: number): Samples['inputs'] {
  if (isStreamed(inputs)) return inputs.select(Int32Array.from({ length: end - start }, (_, index) => start + index))
  const size = inputs.length / count
  return inputs.subarray(start * size, end * size)
}

/**
 * Holds out the last `fraction` of the samples for validation, as Keras does: the split is at floor(count * (1 -
 * fraction)).
 *
 * @returns `validation` is absent if the fraction is too small for a single sample.
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
