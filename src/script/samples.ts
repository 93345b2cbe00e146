/** What the readers of datasets give. */

/** Labelled samples, as they are in their files: only batches become float32. */
export interface Samples {
  /** `count` samples of `sampleShape`, one after the other. */
  inputs: Uint8Array | Float32Array
  sampleShape: readonly number[]
  /** What an input is multiplied by in a batch. */
  scale: number
  /** The class of each sample, or the value to be predicted. */
  labels: Uint8Array | Int32Array | Float32Array
  count: number
}

export interface Data {
  train: Samples
  validation?: Samples
  test?: Samples
}
