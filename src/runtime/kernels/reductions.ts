/** WASM kernels of sums, means and tiling. */
import * as tf from '@tensorflow/tfjs'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** The attributes of the kernels `Sum` and `Mean`. */
export interface ReductionAttributes {
  readonly axis: number | number[] | null
  readonly keepDims: boolean
}

/** Registers sums and means over the first axes, sums by segment, and tiling along the first axes. */
export function registerReductionKernels(context: KernelContext): void {
  context.improve<ReductionAttributes>('Sum', (call) => sumFirstAxes(context, call, false))
  context.improve<ReductionAttributes>('Mean', (call) => sumFirstAxes(context, call, true))
  context.improve<{ numSegments: number }>('UnsortedSegmentSum', (call) => sumSegments(context, call))
  context.improve<{ reps: number[] }>('Tile', (call) => tileFirstAxes(context, call))
}

/** The sum or mean over the first axes of a tensor, computed as column sums of a matrix; null for other axes. */
function sumFirstAxes(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ReductionAttributes>,
  mean: boolean,
): tf.TensorInfo | null {
  const { x } = inputs
  if (!x || !areFloats(x)) return null
  const axes = tf.util.parseAxisParam(attrs.axis ?? tf.util.parseAxisParam([], x.shape), x.shape)
  const count = axes.length
  const first = count > 0 && count < x.shape.length && axes.every((axis) => axis < count)
  if (!first) return null
  const kept = x.shape.slice(count)
  const rows = tf.util.sizeFromShape(x.shape.slice(0, count))
  const out = context.output(attrs.keepDims ? [...x.shape.slice(0, count).fill(1), ...kept] : kept)
  const columns = tf.util.sizeFromShape(kept)
  context.module.columnSums(context.address(x), context.address(out), rows, columns, mean ? 1 / rows : 1)
  return out
}

/** Sums the rows of x [rows, ...] that have the same id, for ids [rows]. */
function sumSegments(
  context: KernelContext,
  { inputs, attrs }: KernelCall<{ numSegments: number }>,
): tf.TensorInfo | null {
  const { x, segmentIds } = inputs
  if (!x || !segmentIds || !areFloats(x) || segmentIds.dtype !== 'int32' || segmentIds.shape.length !== 1) return null
  const rowShape = x.shape.slice(1)
  const out = context.output([attrs.numSegments, ...rowShape])
  context.module.segmentSums(
    context.address(x),
    context.address(segmentIds),
    context.address(out),
    x.shape[0] ?? 0,
    tf.util.sizeFromShape(rowShape),
    attrs.numSegments,
  )
  return out
}

/** Repeats a tensor along its first axes, as the gradient of a sum or mean over these axes does; null for other axes. */
function tileFirstAxes(
  context: KernelContext,
  { inputs, attrs }: KernelCall<{ reps: number[] }>,
): tf.TensorInfo | null {
  const { x } = inputs
  const { reps } = attrs
  if (!x || !areFloats(x) || reps.length !== x.shape.length) return null
  // The result is the whole tensor repeated only if all axes before the last repeated one have size 1.
  const last = reps.reduce((found, times, axis) => (times === 1 ? found : axis), -1)
  if (x.shape.slice(0, Math.max(last, 0)).some((size) => size !== 1)) return null
  const times = tf.util.sizeFromShape(reps)
  if (times === 0) return null
  const out = context.output(x.shape.map((size, axis) => size * (reps[axis] ?? 1)))
  context.module.tileBlock(context.address(x), context.address(out), tf.util.sizeFromShape(x.shape), times)
  return out
}
