/** Batches of samples, as tensors. */
import * as tf from '@tensorflow/tfjs'
import type { Samples } from './samples.ts'

/** float32 inputs of [count, ...sampleShape], and labels: int32 classes or float32 values. */
export interface Batch {
  inputs: tf.Tensor
  labels: tf.Tensor
}

/** The samples of these numbers. Dispose the tensors after use. */
export function readBatch({ inputs, sampleShape, scale, labels }: Samples, numbers: Int32Array): Batch {
  const size = tf.util.sizeFromShape([...sampleShape])
  const values = new Float32Array(numbers.length * size)
  for (const [row, number] of numbers.entries()) {
    for (let i = 0; i < size; i++) values[row * size + i] = inputs[number * size + i]! * scale
  }
  const chosen = Array.from(numbers, (number) => labels[number]!)
  return {
    inputs: tf.tensor(values, [numbers.length, ...sampleShape]),
    labels: tf.tensor1d(chosen, labels instanceof Float32Array ? 'float32' : 'int32'),
  }
}
