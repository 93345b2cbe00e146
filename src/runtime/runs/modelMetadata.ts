/** What a saved model says of its data. */
import { type JsonFields } from '../../system/parseRecord.ts'
import { type DatasetSplits, type TableEncoding } from '../data/samples.ts'

/** What a saved model says of its data, as `userDefinedMetadata`: all that a program needs that uses it elsewhere. */
export interface ModelMetadata {
  /** What each unit of the output stands for. */
  readonly classNames: readonly string[]
  /** What is done to a sample before the network sees it. */
  readonly preprocessing: {
    /** It is brought to this shape, channels last. */
    readonly shape: readonly number[]
    /** Its numbers, bytes for an image, are multiplied by this. */
    readonly scale: number
    /** Then, a channel at a time, `mean` is taken from them and they are divided by `std`. */
    readonly mean?: readonly number[]
    readonly std?: readonly number[]
    /** What the values of a sample are made of, where it was a row of a table. */
    readonly table?: TableEncoding
  }
}

/** The form of `ModelMetadata` in a file; models of other programs may have other data there. */
export const metadataFields: JsonFields = {
  'classNames?': ['string'],
  'preprocessing?': {
    shape: ['number'],
    scale: 'number',
    'mean?': ['number'],
    'std?': ['number'],
    'table?': {
      columns: [{ name: 'string', type: 'string', 'values?': ['string'] }],
      'shift?': ['number'],
      'scale?': ['number'],
    },
  },
}

/** @param data Settled, so that what is fitted to the training samples is known. */
export function describeData({ train, classNames }: DatasetSplits): ModelMetadata {
  const { sampleShape: shape, scale, normalization, table } = train
  const normalized = normalization && { mean: normalization.mean, std: normalization.std }
  return { classNames, preprocessing: { shape, scale, ...normalized, ...(table && { table }) } }
}
