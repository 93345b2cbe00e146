/**
 * Watches the operations of tfjs-node while a step is recorded: a kernel of it may run several.
 *
 * Upstream: none; TensorFlow.js has no way to record kernels
 * Test: test/patches/nodeOperations.test.ts
 * Until: recordKernels.ts goes
 */
import * as tf from '@tensorflow/tfjs'

/** An attribute of an operation of TensorFlow, as the binding of tfjs-node takes it. */
interface OperationAttribute {
  readonly name: string
  readonly type: number
  readonly value: unknown
}

/** What the backend of tfjs-node runs its kernels by; its types do not show it. */
interface OperationBackend {
  readonly binding: {
    executeOp(
      name: string,
      attributes: readonly OperationAttribute[],
      inputs: readonly number[],
      outputs: number,
    ): readonly { readonly id: number; readonly shape: number[]; readonly dtype: number }[]
  }
  readonly tensorMap: { set(dataId: object, data: object): void }
  getInputTensorIds(inputs: readonly tf.TensorInfo[]): number[]
  executeSingleOutput?: RunsOne
  executeMultipleOutputs?: RunsSeveral
}

type RunsOne = (name: string, attributes: OperationAttribute[], inputs: tf.TensorInfo[]) => tf.Tensor
type RunsSeveral = (
  name: string,
  attributes: OperationAttribute[],
  inputs: tf.TensorInfo[],
  count: number,
) => tf.Tensor[]

/** What is told of an operation; `attrs` are those by which `kernelFunc` does it again. */
export type OperationWatcher = (
  name: string,
  kernelFunc: tf.KernelFunc,
  call: { readonly inputs: readonly tf.TensorInfo[]; readonly attrs: tf.NamedAttrMap },
  made: readonly tf.TensorInfo[],
) => void

/**
 * Watches the operations of TensorFlow that the kernels of tfjs-node consist of, until what it returns is called. Done
 * again by themselves, they need neither what a kernel computes beforehand, such as paddings, nor the small tensors that
 * it makes of axes and shapes, nor tensors for their results. On other backends there is nothing to watch.
 */
export function watchOperations(watcher: OperationWatcher): () => void {
  const backend = tf.backend() as unknown as OperationBackend
  const { executeSingleOutput: runOne, executeMultipleOutputs: runSeveral } = backend
  if (!runOne || !runSeveral) return () => {}
  const tell = (name: string, attributes: OperationAttribute[], inputs: tf.TensorInfo[], made: tf.Tensor[]) => {
    const attrs = { name, attributes, count: made.length } as unknown as tf.NamedAttrMap
    watcher(name, runOperation, { inputs, attrs }, made)
  }
  backend.executeSingleOutput = (name, attributes, inputs) => {
    const made = runOne.call(backend, name, attributes, inputs)
    tell(name, attributes, inputs, [made])
    return made
  }
  backend.executeMultipleOutputs = (name, attributes, inputs, count) => {
    const made = runSeveral.call(backend, name, attributes, inputs, count)
    tell(name, attributes, inputs, made)
    return made
  }
  return () => {
    // The methods of the class come to light again.
    delete backend.executeSingleOutput
    delete backend.executeMultipleOutputs
  }
}

/** An operation as a kernel that takes a list. Its results are data that the engine does not count. */
function runOperation({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo[] {
  const node = backend as unknown as OperationBackend
  const { name, attributes, count } = attrs as unknown as {
    readonly name: string
    readonly attributes: readonly OperationAttribute[]
    readonly count: number
  }
  const given = node.getInputTensorIds(inputs as unknown as tf.TensorInfo[])
  return node.binding.executeOp(name, attributes, given, count).map(({ id, shape, dtype }) => {
    const dataId = {}
    node.tensorMap.set(dataId, { id, shape, dtype, values: null, refCount: 1 })
    // Whoever repeats a step knows the types of its results, which the binding numbers.
    return { dataId, shape, dtype: 'float32' }
  })
}
