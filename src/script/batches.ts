/** Batches of samples, as tensors. */
import * as tf from '@tensorflow/tfjs'
import type { Samples } from './samples.ts'

export type Batch = { inputs: tf.Tensor; labels: tf.Tensor }

/** Reads a batch by sample index: float32 inputs, and int32 classes or float32 values. Dispose the tensors after use. */
export function readBatch(samples: Samples, indices: Int32Array, inputs = gatherInputs(samples, indices)): Batch {
  const labels = Array.from(indices, (index) => samples.labels[index]!)
  const type = samples.labels instanceof Float32Array ? 'float32' : 'int32'
  return { inputs: tf.tensor(inputs, [indices.length, ...samples.sampleShape]), labels: tf.tensor1d(labels, type) }
}

/** Gathers the inputs of these samples, multiplied by their scale. */
export function gatherInputs({ inputs, scale, count }: Samples, indices: Int32Array): Float32Array {
  const size = inputs.length / count
  const values = new Float32Array(indices.length * size)
  for (const [row, index] of indices.entries())
    for (let i = 0; i < size; i++) values[row * size + i] = inputs[index * size + i]! * scale
  return values
}
