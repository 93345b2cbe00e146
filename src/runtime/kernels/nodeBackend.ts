import type * as tf from '@tensorflow/tfjs'

/** An attribute of a TensorFlow operation. */
export interface OperationAttribute {
  readonly name: string
  readonly type: number
  readonly value: number | string | boolean
}

/** The members of tfjs-node's backend that the kernels use; its types do not declare them. */
export interface NodeBackend {
  /** The numbers by which the binding knows the types of attributes and values. */
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT' | 'TF_INT32', number>
  >
  /** Runs any operation that is registered with TensorFlow. */
  executeSingleOutput(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor
  /** Runs an operation that has several outputs. */
  executeMultipleOutputs(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly tf.TensorInfo[],
    outputs: number,
  ): tf.Tensor[]
}
