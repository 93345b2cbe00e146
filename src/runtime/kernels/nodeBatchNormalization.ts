/** Batch normalization in training by TensorFlow's own operations. src/patches/batchNormalization.ts describes both kernels. */
import * as tf from '@tensorflow/tfjs'
import type { OperationAttribute } from '../engines/nodeBackend.ts'
import type { NodeKernelBackend } from './nodeKernelBackend.ts'

/** The kernel `BatchNormTraining`. */
export const normalizeBatch: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, gamma, beta } = inputs as Record<string, tf.TensorInfo>
  return tf.tidy(() => {
    const none = tf.tensor1d([], 'float32')
    const operands = [asImages(x!), gamma!, beta!, none, none]
    const results = runOperation(backend as NodeKernelBackend, 'FusedBatchNormV3', attrs, operands, 6)
    // The third result is the unbiased variance; the operation keeps the biased one for the gradient.
    const [y, mean, , , variance, saved] = results
    return [tf.reshape(y!, x!.shape), mean!, variance!, saved!]
  })
}

/** The kernel `BatchNormTrainingGrad`. */
export const differentiateBatchNormalization: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, dy, gamma, mean, variance, saved } = inputs as Record<string, tf.TensorInfo>
  return tf.tidy(() => {
    const operands = [asImages(dy!), asImages(x!), gamma!, mean!, variance!, saved!]
    const results = runOperation(backend as NodeKernelBackend, 'FusedBatchNormGradV3', attrs, operands, 5)
    const [dx, dgamma, dbeta] = results
    return [tf.reshape(dx!, x!.shape), dgamma!, dbeta!]
  })
}

/** Returns values of any rank as images, which both operations require; the statistics of the last axis stay the same. */
function asImages(values: tf.TensorInfo): tf.TensorInfo {
  if (values.shape.length === 4) return values
  return tf.reshape(values as tf.Tensor, [-1, 1, 1, values.shape.at(-1)!])
}

function runOperation(
  backend: NodeKernelBackend,
  name: string,
  attrs: tf.NamedAttrMap | undefined,
  operands: tf.TensorInfo[],
  outputs: number,
): tf.Tensor[] {
  const { TF_ATTR_TYPE, TF_ATTR_FLOAT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = backend.binding
  const attributes: OperationAttribute[] = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'U', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: attrs!['epsilon'] as number },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'is_training', type: TF_ATTR_BOOL, value: true },
  ]
  return backend.executeMultipleOutputs(name, attributes, operands, outputs)
}
