import * as tf from '@tensorflow/tfjs'
import { cpuKernel } from './cpuFallback.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** Registers what works number by number: copies that need not be made, rows that broadcast, limits, and relu's gradient. */
export function registerElementwiseKernels(context: KernelContext): void {
  context.improve<object>('Identity', ({ inputs: { x } }) => shareData(context, x))
  context.improve<{ dtype: tf.DataType }>('Cast', ({ inputs: { x }, attrs }) =>
    x?.dtype === attrs.dtype ? shareData(context, x) : null,
  )
  context.improve<object>('Add', (call) => combineRows(context, call, 0) ?? combineRows(context, swapped(call), 0))
  context.improve<object>('Sub', (call) => combineRows(context, call, 1))
  context.improve<object>('Multiply', (call) => combineRows(context, call, 2) ?? combineRows(context, swapped(call), 2))
  // The stock kernels turn NaN into a number; that of relu only where its sign is set, as x86 makes it.
  context.improve<object>('Relu', ({ inputs: { x } }) => clamp(context, x, 0, Infinity))
  context.improve<object>('Relu6', ({ inputs: { x } }) => clamp(context, x, 0, 6))
  context.improve<{ clipValueMin: number; clipValueMax: number }>('ClipByValue', ({ inputs: { x }, attrs }) =>
    clamp(context, x, attrs.clipValueMin, attrs.clipValueMax),
  )
  context.improve<object>('Minimum', (call) => extremes(context, call, 'Minimum'))
  context.improve<object>('Maximum', (call) => extremes(context, call, 'Maximum'))
  context.replace('ReluGrad', ({ inputs: { x, dy } }) => reluGradient(context, x as tf.TensorInfo, dy as tf.TensorInfo))
}

/** A tensor with the same data. The stock kernel copies it, although no kernel ever writes to its inputs. */
function shareData(context: KernelContext, x: tf.TensorInfo | undefined): tf.TensorInfo | null {
  if (!x || x.dtype === 'string') return null
  context.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}

/** The smaller, or the larger, of a and b, value by value. */
function extremes(
  context: KernelContext,
  call: KernelCall<object>,
  kernelName: 'Minimum' | 'Maximum',
): tf.TensorInfo | null {
  const { a, b } = call.inputs
  if (!a || !b || !areFloats(a, b)) return null
  const operation = kernelName === 'Minimum' ? 3 : 4
  if (tf.util.arraysEqual(a.shape, b.shape)) return combineAll(context, a, b, operation)
  const limited = limitBy(context, a, b, kernelName) ?? limitBy(context, b, a, kernelName)
  if (limited) return limited
  const found = combineRows(context, call, operation) ?? combineRows(context, swapped(call), operation)
  return found ?? (cpuKernel(context, kernelName)({ inputs: { a, b }, backend: context.backend }) as tf.TensorInfo)
}

/** Where `limit` is a single number. */
function limitBy(
  context: KernelContext,
  x: tf.TensorInfo,
  limit: tf.TensorInfo,
  kernelName: 'Minimum' | 'Maximum',
): tf.TensorInfo | null {
  if (tf.util.sizeFromShape(limit.shape) !== 1 || limit.shape.length > x.shape.length) return null
  const { buffer } = context.backend.wasm.asm.memory
  const [value] = new Float32Array(buffer, context.address(limit), 1)
  return kernelName === 'Minimum' ? clamp(context, x, -Infinity, value!) : clamp(context, x, value!, Infinity)
}

/** a op b of one shape. */
function combineAll(context: KernelContext, a: tf.TensorInfo, b: tf.TensorInfo, operation: number): tf.TensorInfo {
  const out = context.output(a.shape)
  const size = tf.util.sizeFromShape(a.shape)
  context.module.rowOperation(operation, context.address(a), context.address(b), context.address(out), 1, size)
  return out
}

/**
 * a op b where b is broadcast along the first axes of a, as a bias is; stock broadcasting is slow.
 *
 * @param operation 0 to add, 1 to subtract, 2 to multiply, 3 for the smaller, 4 for the larger
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

/** x, but at least `least` and at most `most`. */
function clamp(
  context: KernelContext,
  x: tf.TensorInfo | undefined,
  least: number,
  most: number,
): tf.TensorInfo | null {
  if (!x || !areFloats(x)) return null
  const out = context.output(x.shape)
  context.module.clampValues(context.address(x), context.address(out), tf.util.sizeFromShape(x.shape), least, most)
  return out
}

/** dy where x is positive, else 0. */
function reluGradient(context: KernelContext, x: tf.TensorInfo, dy: tf.TensorInfo): tf.TensorInfo {
  const out = context.output(x.shape)
  const size = tf.util.sizeFromShape(x.shape)
  context.module.reluGradient(context.address(x), context.address(dy), context.address(out), size)
  return out
}
