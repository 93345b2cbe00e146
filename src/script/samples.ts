/** What the readers of datasets give. */

export type Data = { train: Samples; validation?: Samples; test?: Samples }
/** Labelled samples as they are in their files: `count` inputs, one after the other, which batches multiply by `scale`. */
export type Samples = { inputs: Values; sampleShape: readonly number[]; scale: number; labels: Values; count: number }
export type Values = Uint8Array | Int32Array | Float32Array
