/** WASM kernels that work element by element. */
import * as tf from '@tensorflow/tfjs'
import { cpuKernel } from './cpuFallback.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** Registers elementwise kernels: identity and cast without a copy, broadcast rows, limits, and the gradient of relu. */
export function registerElementwiseKernels(context: KernelContext): void {
  context.improve<object>('Identity', ({ inputs: { x } }) => shareData(context, x))
  context.improve<{ dtype: tf.DataType }>('Cast', ({ inputs: { x }, attrs }) =>
    x?.dtype === attrs.dtype ? shareData(context, x) : null,
  )
  context.improve<object>('Add', (call) => combineRows(context, call, 0) ?? combineRows(context, swapped(call), 0))
  context.improve<object>('Sub', (call) => combineRows(context, call, 1))
  context.improve<object>('Multiply', (call) => combineRows(context, call, 2) ?? combineRows(context, swapped(call), 2))
  // The stock kernels turn NaN into a number; the one of relu only if the NaN's sign bit is set, as it is on x86.
  context.improve<object>('Relu', ({ inputs: { x } }) => clamp(context, x, 0, Infinity))
  context.improve<object>('Relu6', ({ inputs: { x } }) => clamp(context, x, 0, 6))
  context.improve<{ clipValueMin: number; clipValueMax: number }>('ClipByValue', ({ inputs: { x }, attrs }) =>
    clamp(context, x, attrs.clipValueMin, attrs.clipValueMax),
  )
  context.improve<object>('Minimum', (call) => extremes(context, call, 'Minimum'))
  context.improve<object>('Maximum', (call) => extremes(context, call, 'Maximum'))
  context.replace('ReluGrad', ({ inputs: { x, dy } }) => reluGradient(context, x as tf.TensorInfo, dy as tf.TensorInfo))
}

/** A tensor that shares the data. The stock kernel copies it, although no kernel ever writes to its inputs. */
function shareData(context: KernelContext, x: tf.TensorInfo | undefined): tf.TensorInfo | null {
  if (!x || x.dtype === 'string') return null
  context.backend.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}

/** The elementwise minimum or maximum of a and b. */
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

/** The elementwise minimum or maximum of x and a single number; null if `limit` has several. */
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

/** a op b for tensors of the same shape. */
function combineAll(context: KernelContext, a: tf.TensorInfo, b: tf.TensorInfo, operation: number): tf.TensorInfo {
  const out = context.output(a.shape)
  const size = tf.util.sizeFromShape(a.shape)
  context.module.rowOperation(operation, context.address(a), context.address(b), context.address(out), 1, size)
  return out
}

/**
 * a op b if b, such as a bias, is broadcast along the first axes of a; null otherwise. The stock broadcasting is slow.
 *
 * @param operation 0: add, 1: subtract, 2: multiply, 3: minimum, 4: maximum
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

/** Clips x to the range from `least` to `most`. */
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

/** The gradient of relu: dy where x is positive, 0 elsewhere. */
function reluGradient(context: KernelContext, x: tf.TensorInfo, dy: tf.TensorInfo): tf.TensorInfo {
  const out = context.output(x.shape)
  const size = tf.util.sizeFromShape(x.shape)
  context.module.reluGradient(context.address(x), context.address(dy), context.address(out), size)
  return out
}
