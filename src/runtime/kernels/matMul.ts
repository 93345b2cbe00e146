/** WASM kernels of matrix products. */
import * as tf from '@tensorflow/tfjs'
import { activate, type FusedActivation } from './activation.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** The attributes of the matrix product kernels. */
export interface MatMulAttributes extends FusedActivation {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/** Registers the product of matrices or batches of matrices, with or without bias and activation. */
export function registerMatMulKernels(context: KernelContext): void {
  context.improve<MatMulAttributes>('BatchMatMul', (call) => multiplyMatrices(context, call))
  context.improve<MatMulAttributes>('_FusedMatMul', (call) => multiplyMatrices(context, call))
}

/** activation(a b + bias), for a [...batch, rows, depth] and b [...batch, depth, columns]; either may be transposed. */
function multiplyMatrices(
  context: KernelContext,
  { inputs, attrs }: KernelCall<MatMulAttributes>,
): tf.TensorInfo | null {
  const { a, b, bias, preluActivationWeights } = inputs
  const { transposeA, transposeB } = attrs
  if (!a || !b || !areFloats(a, b)) return null

  const [aHeight, aWidth] = matrixSize(a)
  const [bHeight, bWidth] = matrixSize(b)
  const [rows, depth] = transposeA ? [aWidth, aHeight] : [aHeight, aWidth]
  const columns = transposeB ? bHeight : bWidth
  if (bias && (bias.dtype !== 'float32' || tf.util.sizeFromShape(bias.shape) !== columns)) return null
  const aCount = tf.util.sizeFromShape(a.shape) / (rows * depth)
  const bCount = tf.util.sizeFromShape(b.shape) / (depth * columns)
  if (aCount !== bCount && aCount !== 1 && bCount !== 1) return null

  const batchShape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const out = context.output([...batchShape, rows, columns])
  const { module } = context
  const relu = attrs.activation === 'relu'
  // If all products have the same right matrix, the left ones are one matrix of all their rows.
  const isOne = bCount === 1 && !transposeA
  const [times, height] = isOne ? [1, aCount * rows] : [Math.max(aCount, bCount), rows]
  const scratch = context.scratch('packed', module.multiplyScratchSize(height, depth) / 4)
  const [leftRow, leftStep] = transposeA ? [1, rows] : [depth, 1]
  const [rightStep, rightColumn] = transposeB ? [1, depth] : [columns, 1]
  for (let i = 0; i < times; i++) {
    module.multiplyMatrices(
      context.address(a) + (aCount === 1 ? 0 : i * rows * depth * 4),
      leftRow,
      leftStep,
      context.address(b) + (bCount === 1 ? 0 : i * depth * columns * 4),
      rightStep,
      rightColumn,
      height,
      depth,
      columns,
      scratch,
      bias ? context.address(bias) : 0,
      relu ? 1 : 0,
      context.address(out) + i * rows * columns * 4,
    )
  }
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}

/** The height and width of the matrices in a batch. */
function matrixSize({ shape }: tf.TensorInfo): [number, number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1]
}
