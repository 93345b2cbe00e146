import * as tf from '@tensorflow/tfjs'
import type { NodeBackend } from './nodeBackend.ts'
import { differentiateBatchNormalization, normalizeBatch } from './nodeBatchNormalization.ts'

/**
 * Registers kernels of TensorFlow that tfjs-node does not use by itself. It computes the gradient of relu by a dozen
 * operations, which take a fifth of the time of a convolutional network, and batch normalization in training by many more;
 * TensorFlow has one operation for each. The backend `tensorflow` must be in use. Idempotent.
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
  tf.registerKernel({ kernelName: 'BatchNormTraining', backendName, kernelFunc: normalizeBatch })
  tf.registerKernel({ kernelName: 'BatchNormTrainingGrad', backendName, kernelFunc: differentiateBatchNormalization })
}
