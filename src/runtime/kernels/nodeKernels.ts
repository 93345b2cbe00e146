import * as tf from '@tensorflow/tfjs'

/** The members of tfjs-node's backend that the kernels use; its types do not declare them. */
interface NodeBackend {
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number }
  /** Runs any operation that is registered with TensorFlow. */
  executeSingleOutput(
    name: string,
    attributes: readonly { readonly name: string; readonly type: number; readonly value: number }[],
    inputs: readonly tf.TensorInfo[],
  ): tf.Tensor
}

/**
 * Registers kernels of TensorFlow that tfjs-node does not use by itself. It computes the gradient of relu by a dozen
 * operations, which take a fifth of the time of a convolutional network; TensorFlow has one kernel for it. The backend
 * `tensorflow` must be in use. Idempotent.
 */
export function registerNodeKernels(): void {
  const backendName = 'tensorflow'
  if (tf.getKernel('ReluGrad', backendName)) return
  tf.registerKernel({
    kernelName: 'ReluGrad',
    backendName,
    kernelFunc: ({ inputs: { x, dy }, backend }) => {
      const { binding, executeSingleOutput } = backend as NodeBackend
      const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }
      return executeSingleOutput.call(backend, 'ReluGrad', [type], [dy!, x!])
    },
  })
}
