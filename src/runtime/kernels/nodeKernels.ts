/** Kernels of TensorFlow that tfjs-node does not use by itself. */
import * as tf from '@tensorflow/tfjs'
import type { OperationAttribute } from '../engines/nodeBackend.ts'
import type { NodeKernelBackend } from './nodeKernelBackend.ts'
import { differentiateBatchNormalization, normalizeBatch } from './nodeBatchNormalization.ts'
import { registerMatMul } from './nodeMatMul.ts'

/**
 * Registers the kernels. Where tfjs-node composes many operations, TensorFlow has one: the gradient of relu takes a dozen, a
 * fifth of the time of a convolutional network, and batch normalization in training many more. The backend `tensorflow` must
 * be in use. Idempotent.
 */
export function registerNodeKernels(): void {
  if (tf.getKernel('ReluGrad', 'tensorflow')) return
  for (const name of ['ReluGrad', 'Relu6Grad']) {
    register(name, ({ x, dy }, backend) => backend.executeSingleOutput(name, [floats(backend)], [dy!, x!]))
  }
  for (const name of ['SigmoidGrad', 'TanhGrad']) {
    register(name, ({ y, dy }, backend) => backend.executeSingleOutput(name, [floats(backend)], [y!, dy!]))
  }
  registerClipping()
  registerSoftmax()
  registerMatMul()
  register('SparseSoftmaxCrossEntropyWithLogits', ({ logits, labels }, backend) =>
    backend.executeMultipleOutputs(
      'SparseSoftmaxCrossEntropyWithLogits',
      [floats(backend), { ...floats(backend), name: 'Tlabels', value: backend.binding.TF_INT32 }],
      [logits!, labels!],
      2,
    ),
  )
  const backendName = 'tensorflow'
  tf.registerKernel({ kernelName: 'BatchNormTraining', backendName, kernelFunc: normalizeBatch })
  tf.registerKernel({ kernelName: 'BatchNormTrainingGrad', backendName, kernelFunc: differentiateBatchNormalization })
}

/** Clips float32 values by one operation instead of a minimum and a maximum. */
function registerClipping(): void {
  const stock = tf.getKernel('ClipByValue', 'tensorflow')
  tf.unregisterKernel('ClipByValue', 'tensorflow')
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { x } = call.inputs
      if (x!.dtype !== 'float32') return stock.kernelFunc(call)
      const backend = call.backend as NodeKernelBackend
      const { clipValueMin, clipValueMax } = call.attrs as { clipValueMin: number; clipValueMax: number }
      return tf.tidy(() => {
        const operands = [x!, tf.scalar(clipValueMin), tf.scalar(clipValueMax)]
        return backend.executeSingleOutput('ClipByValue', [floats(backend)], operands)
      })
    },
  })
}

/** Computes softmax of more than five axes as rows: oneDNN, which graphs of a step use, refuses them. */
function registerSoftmax(): void {
  const stock = tf.getKernel('Softmax', 'tensorflow')
  tf.unregisterKernel('Softmax', 'tensorflow')
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { shape } = call.inputs['logits']!
      if (shape.length <= 5) return stock.kernelFunc(call)
      return tf.tidy(() => {
        const logits = tf.reshape(call.inputs['logits'] as tf.Tensor, [-1, shape.at(-1)!])
        const rows = stock.kernelFunc({ ...call, inputs: { logits }, attrs: { dim: 1 } }) as tf.Tensor
        return tf.reshape(rows, shape)
      })
    },
  })
}

function register(
  kernelName: string,
  run: (inputs: tf.NamedTensorInfoMap, backend: NodeKernelBackend) => tf.TensorInfo | tf.TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend }) => run(inputs, backend as NodeKernelBackend),
  })
}

/** The attribute that most operations have: the type of their values. */
function floats({ binding }: NodeKernelBackend): OperationAttribute {
  return { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }
}
