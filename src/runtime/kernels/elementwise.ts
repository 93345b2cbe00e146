import * as tf from '@tensorflow/tfjs'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** Registers what works number by number: copies that need not be made, rows that broadcast, and relu's gradient. */
export function registerElementwiseKernels(context: KernelContext): void {
  context.improve<object>('Identity', ({ inputs: { x } }) => shareData(context, x))
  context.improve<{ dtype: tf.DataType }>('Cast', ({ inputs: { x }, attrs }) =>
    x?.dtype === attrs.dtype ? shareData(context, x) : null,
  )
  context.improve<object>('Add', (call) => combineRows(context, call, 0) ?? combineRows(context, swapped(call), 0))
  context.improve<object>('Sub', (call) => combineRows(context, call, 1))
  context.improve<object>('Multiply', (call) => combineRows(context, call, 2) ?? combineRows(context, swapped(call), 2))
  context.replace('ReluGrad', ({ inputs: { x, dy } }) => reluGradient(context, x as tf.TensorInfo, dy as tf.TensorInfo))
}

/** A tensor with the same data. The stock kernel copies it, although no kernel ever writes to its inputs. */
function shareData(context: KernelContext, x: tf.TensorInfo | undefined): tf.TensorInfo | null {
  if (!x || x.dtype === 'string') return null
  context.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}

/**
 * a op b where b is broadcast along the first axes of a, as a bias is; stock broadcasting is slow.
 *
 * @param operation 0 to add, 1 to subtract, 2 to multiply
 */
function combineRows(context: KernelContext, { inputs }: KernelCall<object>, operation: number): tf.TensorInfo | null {
  const { a, b } = inputs
  if (!a || !b || !areFloats(a, b)) return null
  const row = b.shape.slice(b.shape.findIndex((size) => size !== 1))
  const columns = tf.util.sizeFromShape(b.shape)
  const isRow = columns > 1 && b.shape.length <= a.shape.length && row.length < a.shape.length
  if (!isRow || !tf.util.arraysEqual(a.shape.slice(-row.length), row)) return null
  const out = context.output(a.shape)
  const rows = tf.util.sizeFromShape(a.shape) / columns
  context.module.rowOperation(operation, context.address(a), context.address(b), context.address(out), rows, columns)
  return out
}

function swapped({ inputs: { a, b }, attrs }: KernelCall<object>): KernelCall<object> {
  return { inputs: { ...(b && { a: b }), ...(a && { b: a }) }, attrs }
}

/** dy where x is positive, else 0. */
function reluGradient(context: KernelContext, x: tf.TensorInfo, dy: tf.TensorInfo): tf.TensorInfo {
  const out = context.output(x.shape)
  const size = tf.util.sizeFromShape(x.shape)
  context.module.reluGradient(context.address(x), context.address(dy), context.address(out), size)
  return out
}
