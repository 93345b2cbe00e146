/** The members of tfjs-node's backend that its types do not declare. */
import * as tf from '@tensorflow/tfjs'

/** An attribute of a TensorFlow operation, in the form that the binding takes. */
export interface OperationAttribute {
  readonly name: string
  /** A number of `TF_AttrType` (tensorflow/c/c_api.h). */
  readonly type: number
  readonly value: unknown
}

/** A tensor of libtensorflow: the number of its handle, its shape and the number of its type. */
export interface NativeTensor {
  readonly id: number
  readonly shape: number[]
  readonly dtype: number
}

interface NodeBinding {
  executeOp(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly NativeTensor[]
  /** Creates a tensor of a type with this number of `TF_DataType`. It may use the memory of `values` as long as it exists. */
  createTensor(shape: readonly number[], dtype: number, values: tf.TypedArray): number
  tensorDataSync(id: number): tf.TypedArray
  deleteTensor(id: number): void
  /** Loads `saved_model.pb` from a folder, and returns the number of its session. */
  loadSavedModel(folder: string, tags: string): number
  /** Runs a session; feeds and fetches are names of outputs of its graph, with commas between them. */
  runSavedModel(session: number, inputs: readonly number[], feeds: string, fetches: string): readonly NativeTensor[]
  deleteSavedModel(session: number): void
}

type RunsOne = (name: string, attributes: OperationAttribute[], inputs: tf.TensorInfo[]) => tf.Tensor
type RunsSeveral = (
  name: string,
  attributes: OperationAttribute[],
  inputs: tf.TensorInfo[],
  count: number,
) => tf.Tensor[]

export interface NodeBackend {
  readonly binding: NodeBinding
  readonly tensorMap: { set(dataId: object, data: object): void }
  getInputTensorIds(inputs: readonly tf.TensorInfo[]): number[]
  executeSingleOutput?: RunsOne
  executeMultipleOutputs?: RunsSeveral
}

/** Returns the backend in use if it is that of tfjs-node. */
export function nodeBackend(): NodeBackend | undefined {
  return tf.getBackend() === 'tensorflow' ? (tf.backend() as unknown as NodeBackend) : undefined
}

/** Registers a tensor of libtensorflow with the backend, and returns the identity of its data. */
export function adoptTensor({ tensorMap }: NodeBackend, { id, shape, dtype }: NativeTensor): object {
  const dataId = {}
  tensorMap.set(dataId, { id, shape, dtype, values: null, refCount: 1 })
  return dataId
}
