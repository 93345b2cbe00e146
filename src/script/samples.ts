/** The form of datasets: `count` concatenated inputs, which batches multiply by `scale`, and their labels. */

export type Data = { train: Samples; validation?: Samples; test?: Samples }
export type Samples = { inputs: Values; sampleShape: readonly number[]; scale: number; labels: Values; count: number }
export type Values = Uint8Array | Int32Array | Float32Array
