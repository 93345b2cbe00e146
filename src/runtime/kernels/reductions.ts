/** WASM kernels of sums, means and tiling. */
import * as tf from '@tensorflow/tfjs'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** The attributes of the kernels `Sum` and `Mean`. */
export interface ReductionAttributes {
  readonly axis: number | number[] | null
  readonly keepDims: boolean
}

/** Registers sums and means over axes that others follow, sums by segment, and tiling along the first axes. */
export function registerReductionKernels(context: KernelContext): void {
  context.improve<ReductionAttributes>('Sum', (call) => sumOuterAxes(context, call, false))
  context.improve<ReductionAttributes>('Mean', (call) => sumOuterAxes(context, call, true))
  context.improve<{ numSegments: number }>('UnsortedSegmentSum', (call) => sumSegments(context, call))
  context.improve<{ reps: number[] }>('Tile', (call) => tileFirstAxes(context, call))
}

/**
 * The sum or mean over neighbouring axes that others follow, such as the height and width of images: column sums of one
 * matrix per index of the axes before them. Null for other axes.
 */
function sumOuterAxes(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ReductionAttributes>,
  mean: boolean,
): tf.TensorInfo | null {
  const { x } = inputs
  if (!x || !areFloats(x)) return null
  const axes = tf.util.parseAxisParam(attrs.axis ?? tf.util.parseAxisParam([], x.shape), x.shape)
  const first = Math.min(...axes)
  const end = first + axes.length
  if (axes.length === 0 || end >= x.shape.length || axes.some((axis) => axis >= end)) return null
  const matrices = tf.util.sizeFromShape(x.shape.slice(0, first))
  const rows = tf.util.sizeFromShape(x.shape.slice(first, end))
  const columns = tf.util.sizeFromShape(x.shape.slice(end))
  // The kernel sums single columns one by one; the stock one takes the last axes together.
  if (first > 0 && columns < 4) return null
  const summed = attrs.keepDims ? x.shape.slice(first, end).fill(1) : []
  const out = context.output([...x.shape.slice(0, first), ...summed, ...x.shape.slice(end)])
  const [from, to] = [context.address(x), context.address(out)]
  for (let n = 0; n < matrices; n++) {
    const at = from + n * rows * columns * 4
    context.module.columnSums(at, to + n * columns * 4, rows, columns, mean ? 1 / rows : 1)
  }
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
