import * as tf from '@tensorflow/tfjs'

/** The values of a tensor that is not on the engine yet. */
export interface TensorValues {
  readonly values: Float32Array | Int32Array
  readonly shape: number[]
  readonly dtype: 'float32' | 'int32'
}

/** Creates the tensor. The cpu engine computes on the same memory. */
export function tensorOf({ values, shape, dtype }: TensorValues): tf.Tensor {
  return tf.tensor(values, shape, dtype)
}
