/** Describes the data of a saved model in its `userDefinedMetadata`. */
import { type JsonFields } from '../../system/parseRecord.ts'
import { type DatasetSplits, type TableEncoding } from '../data/samples.ts'

/** The `userDefinedMetadata` of a saved model: what another program needs to prepare inputs and read outputs. */
export interface ModelMetadata {
  /** The class of each output unit. */
  readonly classNames: readonly string[]
  /** The preparation of a sample for the network. */
  readonly preprocessing: {
    /** The shape of a sample, channels last. */
    readonly shape: readonly number[]
    /** The factor of its numbers, which are bytes for an image. */
    readonly scale: number
    /** Applied next, per channel: (value - mean) / std. */
    readonly mean?: readonly number[]
    readonly std?: readonly number[]
    /** The encoding of a sample that was a row of a table. */
    readonly table?: TableEncoding
  }
}

/** The format of `ModelMetadata` in a file; models of other programs may have other data there. */
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

/** Returns the metadata as texts in JSON, for formats that store texts by key. */
export function describeMetadata(metadata: ModelMetadata | undefined): Readonly<Record<string, string>> {
  if (!metadata) return {}
  return { classNames: JSON.stringify(metadata.classNames), preprocessing: JSON.stringify(metadata.preprocessing) }
}

/** @param data From `prepareSplits`, so that normalization is fitted to the training samples. */
export function describeData({ train, classNames }: DatasetSplits): ModelMetadata {
  const { sampleShape: shape, scale, normalization, table } = train
  const normalized = normalization && { mean: normalization.mean, std: normalization.std }
  return { classNames, preprocessing: { shape, scale, ...normalized, ...(table && { table }) } }
}
