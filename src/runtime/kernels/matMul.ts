/** WASM kernels of matrix products. */
import * as tf from '@tensorflow/tfjs'
import { activate, type FusedActivation } from './activation.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'
import { columnsPackedAtOnce, panelWidth } from './panels.ts'

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
  const relu = attrs.activation === 'relu' && !transposeA
  const panels = context.scratch('packed', depth * (transposeA ? panelWidth(columns) : columnsPackedAtOnce))
  const [rowStep, columnStep] = transposeB ? [1, depth] : [columns, 1]
  const biasAddress = bias ? context.address(bias) : 0
  // If all products have the same right matrix, the left ones are one matrix of all their rows.
  const isOne = bCount === 1 && !transposeA
  const [times, height] = isOne ? [1, aCount * rows] : [Math.max(aCount, bCount), rows]
  const tableHeight = transposeA ? depth : height
  const table = context.scratch('rows', tableHeight)
  for (let i = 0; i < times; i++) {
    const aAddress = context.address(a) + (aCount === 1 ? 0 : i * rows * depth * 4)
    const bAddress = context.address(b) + (bCount === 1 ? 0 : i * depth * columns * 4)
    const to = context.address(out) + i * rows * columns * 4
    if (i === 0 || aCount > 1) module.matrixRows(table, aAddress, tableHeight, aWidth)
    if (transposeA) {
      if (i === 0 || bCount > 1) module.packPanels(bAddress, panels, depth, columns, rowStep, columnStep)
      module.multiplyTransposedRows(table, depth, panels, 32, depth * 32, to, columns, 1, 0, 1, 0, rows, false)
    } else {
      const floor = relu ? 1 : 0
      module.multiplyMatrix(
        table,
        height,
        bAddress,
        rowStep,
        columnStep,
        panels,
        biasAddress,
        to,
        columns,
        depth,
        floor,
      )
    }
  }
  if (bias && transposeA) {
    const address = context.address(out)
    const outRows = tf.util.sizeFromShape(out.shape) / columns
    module.rowOperation(0, address, context.address(bias), address, outRows, columns)
  }
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}

/** The height and width of the matrices in a batch. */
function matrixSize({ shape }: tf.TensorInfo): [number, number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1]
}
