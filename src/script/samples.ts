/** What the readers of datasets give. */

/** Labelled samples as they are in their files: `count` inputs, one after the other, which batches multiply by `scale`. */
export interface Samples {
  inputs: Uint8Array | Float32Array
  sampleShape: readonly number[]
  scale: number
  /** The class of each sample, or the value to be predicted. */
  labels: Uint8Array | Int32Array | Float32Array
  count: number
}

export type Data = { train: Samples; validation?: Samples; test?: Samples }
