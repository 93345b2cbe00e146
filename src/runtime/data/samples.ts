/** The types of samples in memory, and how they are split for training, validation and testing. */
import type { Data, Samples as SamplesInMemory } from '../../script/samples.ts'
import { pickRows } from '../../script/splits.ts'
import { isStreamed, type SampleStream } from './sampleStream.ts'

/** A dataset: its labels in memory, its inputs there too or read as they are needed. */
export interface DatasetSplits {
  readonly train: Samples
  /** What each epoch is validated on; without it, what `validationSplit` holds out. */
  readonly validation?: Samples
  /** What the trained network is evaluated on. */
  readonly test?: Samples
  /** What each class index stands for; none where labels are values. */
  readonly classNames: readonly string[]
  /** What is to be made of all inputs, as it follows from those that train: `settleSplits` does so. */
  readonly fit?: (train: Samples) => (samples: Samples) => Samples
}

/** Labelled samples, in memory as scripts have them, or read as they are needed. */
export interface Samples extends Omit<Readonly<SamplesInMemory>, 'inputs'> {
  readonly inputs: SamplesInMemory['inputs'] | SampleStream
  /** What is done to an input when it is scaled and augmented. */
  readonly normalization?: InputNormalization
  /** How many classes labels are of; absent where they are values. */
  readonly classes?: number
  /** Of samples that were rows of a table. */
  readonly table?: TableEncoding
  /** Where a sample comes from, for messages. */
  readonly origin?: (sample: number) => SampleOrigin
  /** What the values of a sample are called, where they have names: the columns of a table. */
  readonly inputNames?: readonly string[]
}

/** The file of a sample, and the line or the number that it has there. */
export interface SampleOrigin {
  readonly file: string
  readonly line?: number
  readonly number?: number
  /** How numbers are written there that are beyond float32, by their place in the sample; -1 is the label. */
  readonly written?: ReadonlyMap<number, string>
}

/** How the columns of a table became the values of a sample: plain data, which is saved with the model. */
export interface TableEncoding {
  /** Those that the network sees, in order: categories as ones and zeros, or by their number in `values`. */
  readonly columns: readonly {
    readonly name: string
    readonly type: 'number' | 'oneHot' | 'index'
    readonly values?: readonly string[]
  }[]
  /** What is then taken from each value of a sample, and what it is multiplied by. */
  readonly shift?: readonly number[]
  readonly scale?: readonly number[]
}

/** (value - mean) / std, a channel at a time. */
export interface InputNormalization {
  /** A number for each channel. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** Changes samples in place. */
  apply(inputs: Float32Array): void
}

/** What the reader of scripts gives, with the number of classes, which are called by their numbers; none where labels are values. */
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

/** Whether labels are values to be predicted, and not classes. */
export function hasValues({ labels }: Samples): boolean {
  return labels instanceof Float32Array
}

/**
 * The inputs of samples that are in memory.
 *
 * @throws RangeError where they are read as they are needed.
 */
export function inputsInMemory({ inputs }: Samples): SamplesInMemory['inputs'] {
  if (!isStreamed(inputs)) return inputs
  if (inputs.everySample === undefined) throw new RangeError('these samples are not in memory')
  return inputs.everySample()
}

/** The samples from `start` up to, not including, `end`. Shares memory with the given ones. */
export function sliceSamples(samples: Samples, start: number, end: number): Samples {
  return {
    ...samples,
    inputs: sliceInputs(samples, start, end),
    labels: samples.labels.subarray(start, end),
    count: end - start,
    ...(samples.origin && { origin: (sample: number) => samples.origin!(start + sample) }),
  }
}

/** The samples of these numbers, in this order. Those in memory are copied. */
export function selectSamples(samples: Samples, numbers: Int32Array): Samples {
  const { inputs } = samples
  return {
    ...describeSelection(samples, numbers),
    inputs: isStreamed(inputs) ? inputs.select(numbers) : pickRows(inputs, inputs.length / samples.count, numbers),
  }
}

/**
 * Samples in two parts. Inputs in memory change places there, so that they are not in memory twice: the given samples are of
 * no use then.
 *
 * @param first Numbers of samples in ascending order, as is `rest`, which has all others.
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

/** All of the samples of these numbers but their inputs. */
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
