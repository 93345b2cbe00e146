/**
 * Watches the operations of tfjs-node while a step is recorded: one of its kernels may run several operations.
 *
 * Upstream: none; TensorFlow.js has no way to record kernels
 * Test: test/patches/nodeOperations.test.ts
 * Until: recordKernels.ts is removed
 */
import * as tf from '@tensorflow/tfjs'
import { adoptTensor, nodeBackend, type NodeBackend, type OperationAttribute } from '../runtime/engines/nodeBackend.ts'

/** Called for each operation; `kernelFunc` repeats it with `attrs`. */
export type OperationWatcher = (
  name: string,
  kernelFunc: tf.KernelFunc,
  call: { readonly inputs: readonly tf.TensorInfo[]; readonly attrs: tf.NamedAttrMap },
  made: readonly tf.TensorInfo[],
) => void

/**
 * Reports each TensorFlow operation that a kernel of tfjs-node runs to `watcher`. Repeating the operations is cheaper than
 * repeating the kernel: it skips what the kernel prepares, such as paddings and small tensors of axes and shapes, and needs
 * no tensors for results. Other backends have no operations to watch.
 *
 * @returns A function that ends the watching.
 */
export function watchOperations(watcher: OperationWatcher): () => void {
  const backend = nodeBackend()
  const { executeSingleOutput: runOne, executeMultipleOutputs: runSeveral } = backend ?? {}
  if (!backend || !runOne || !runSeveral) return () => {}
  const report = (name: string, attributes: OperationAttribute[], inputs: tf.TensorInfo[], made: tf.Tensor[]) => {
    const attrs = { name, attributes, count: made.length } as unknown as tf.NamedAttrMap
    watcher(name, runOperation, { inputs, attrs }, made)
  }
  backend.executeSingleOutput = (name, attributes, inputs) => {
    const made = runOne.call(backend, name, attributes, inputs)
    report(name, attributes, inputs, [made])
    return made
  }
  backend.executeMultipleOutputs = (name, attributes, inputs, count) => {
    const made = runSeveral.call(backend, name, attributes, inputs, count)
    report(name, attributes, inputs, made)
    return made
  }
  return () => {
    // Deleting the overrides exposes the methods of the class again.
    delete backend.executeSingleOutput
    delete backend.executeMultipleOutputs
  }
}

/** A TensorFlow operation as the attributes of a recorded call. */
export interface RecordedOperation {
  readonly name: string
  readonly attributes: readonly OperationAttribute[]
  readonly count: number
}

/** Returns the operation that a recorded call repeats; undefined for other kernels. */
export function operationOf(call: {
  readonly kernelFunc: tf.KernelFunc
  readonly attrs: tf.NamedAttrMap
}): RecordedOperation | undefined {
  return call.kernelFunc === runOperation ? (call.attrs as unknown as RecordedOperation) : undefined
}

/** Runs an operation as a kernel that takes a list. The engine does not count its results. */
function runOperation({ inputs, attrs, backend }: Parameters<tf.KernelFunc>[0]): tf.TensorInfo[] {
  const node = backend as unknown as NodeBackend
  const { name, attributes, count } = attrs as unknown as RecordedOperation
  const given = node.getInputTensorIds(inputs as unknown as tf.TensorInfo[])
  return node.binding.executeOp(name, attributes, given, count).map((made) => {
    // The dtype is a placeholder: the recording of the step has the real types; the binding only numbers them.
    return { dataId: adoptTensor(node, made), shape: made.shape, dtype: 'float32' }
  })
}
