import { type DatasetSplits } from './datasets/samples.ts'

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
  }
}

export function describeData({ train, classNames }: DatasetSplits): ModelMetadata {
  return { classNames, preprocessing: { shape: train.sampleShape, scale: train.scale } }
}
