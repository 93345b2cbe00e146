import * as tf from '@tensorflow/tfjs'
import type { NodeKernelBackend } from './nodeKernelBackend.ts'

/**
 * Multiplies single matrices by the operation `MatMul`. The kernel of tfjs-node always runs `BatchMatMulV2`, which takes up to
 * 1.45 times as long except for large products with a transposed matrix, and which TensorFlow does not join with the bias and
 * the activation that follow. Dense and recurrent layers multiply single matrices, some of them as a batch of one.
 */
export function registerMatMul(): void {
  const stock = tf.getKernel('BatchMatMul', 'tensorflow')
  tf.unregisterKernel('BatchMatMul', 'tensorflow')
  tf.registerKernel({
    ...stock,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as Record<'a' | 'b', tf.Tensor>
      const transposition = call.attrs as unknown as Transposition
      if (a.dtype !== 'float32' || !isSingleMatrix(a) || !isSingleMatrix(b)) return stock.kernelFunc(call)
      if (isLargeTransposedProduct(a, b, transposition)) return stock.kernelFunc(call)
      const backend = call.backend as NodeKernelBackend
      return tf.tidy(() => {
        const product = multiply(backend, asMatrix(a), asMatrix(b), transposition)
        const ones = (a.shape.length > b.shape.length ? a : b).shape.slice(0, -2)
        return ones.length === 0 ? product : tf.reshape(product, [...ones, ...product.shape])
      })
    },
  })
}

interface Transposition {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

function multiply(
  backend: NodeKernelBackend,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  { transposeA, transposeB }: Transposition,
): tf.Tensor {
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT } = backend.binding
  const attributes = [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'transpose_a', type: TF_ATTR_BOOL, value: transposeA },
    { name: 'transpose_b', type: TF_ATTR_BOOL, value: transposeB },
  ]
  return backend.executeSingleOutput('MatMul', attributes, [a, b])
}

/** Whether the product is one for which `BatchMatMulV2` takes little more than half as long as `MatMul`. */
function isLargeTransposedProduct(a: tf.Tensor, b: tf.Tensor, { transposeA, transposeB }: Transposition): boolean {
  return transposeB && !transposeA && a.size * b.shape.at(-2)! >= 2 ** 23
}

function isSingleMatrix({ shape }: tf.TensorInfo): boolean {
  return shape.slice(0, -2).every((size) => size === 1)
}

function asMatrix(tensor: tf.Tensor): tf.TensorInfo {
  return tensor.shape.length === 2 ? tensor : tf.reshape(tensor, tensor.shape.slice(-2))
}
