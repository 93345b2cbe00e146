/** WASM kernels of average pooling and of the gradients of pooling. */
import * as tf from '@tensorflow/tfjs'
import type { Shape4d } from './convolutionSizes.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** The attributes of the pooling kernels. */
export interface PoolingAttributes {
  readonly filterSize: [number, number] | number
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The attributes of the 3D pooling kernels. */
export interface Pooling3dAttributes {
  readonly filterSize: [number, number, number] | number
  readonly strides: [number, number, number] | number
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Registers 2D average pooling and the gradients of 2D pooling, and corrects the gradient of 3D average pooling. */
export function registerPoolingKernels(context: KernelContext): void {
  context.improve<PoolingAttributes>('AvgPool', (call) => averagePool(context, call))
  const { module } = context
  // Max pooling adds dy to the first of a window's largest values; average pooling divides it equally among all values.
  context.improve<PoolingAttributes>('MaxPoolGrad', (call) =>
    poolingGradient(context, call, (input, dy, out, sizes) => module.maxPoolGradient(input, dy, out, ...sizes)),
  )
  context.improve<PoolingAttributes>('AvgPoolGrad', (call) =>
    poolingGradient(context, call, (_input, dy, out, sizes) => module.averagePoolGradient(dy, out, ...sizes)),
  )
  correctAveragePool3dGradient(context)
}

/** The mean of each window. The stock kernel turns NaN into -Infinity. */
function averagePool(context: KernelContext, { inputs, attrs }: KernelCall<PoolingAttributes>): tf.TensorInfo | null {
  const { x } = inputs
  if (!x || !areFloats(x)) return null
  const sizes = pool2dInfo(x, attrs)
  const out = context.output(sizes.outShape)
  context.module.averagePool(context.address(x), context.address(out), ...poolingSizes(sizes))
  return out
}

/**
 * The gradient of the input of a 2D pooling.
 *
 * @param write calls the module's function with the addresses of the input, dy and dx, and the sizes
 */
function poolingGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<PoolingAttributes>,
  write: (input: number, dy: number, out: number, sizes: ReturnType<typeof poolingSizes>) => void,
): tf.TensorInfo | null {
  const { dy, input } = inputs
  if (!dy || !input || !areFloats(dy, input)) return null
  const out = context.output(input.shape)
  write(context.address(input), context.address(dy), context.address(out), poolingSizes(pool2dInfo(input, attrs)))
  return out
}

function pool2dInfo(input: tf.TensorInfo, attrs: PoolingAttributes): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computePool2DInfo(
    input.shape as Shape4d,
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  )
}

/** The sizes in the order of the module's parameters. */
function poolingSizes(sizes: tf.backend_util.Conv2DInfo) {
  return [
    sizes.batchSize,
    sizes.inHeight,
    sizes.inWidth,
    sizes.inChannels,
    sizes.outHeight,
    sizes.outWidth,
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.padInfo.top,
    sizes.padInfo.left,
  ] as const
}

/**
 * Corrects the gradient of 3D average pooling. The stock kernel divides every dy by the size of the pool, but the forward
 * pass divides by the part of the pool that is inside the input. The corrected kernel scales dy before the stock one runs.
 */
function correctAveragePool3dGradient(context: KernelContext): void {
  const stock = tf.getKernel('AvgPool3DGrad', 'wasm')
  context.replace('AvgPool3DGrad', (call) => {
    const { dy, input } = call.inputs
    if (!dy || !input || !areFloats(dy, input)) return stock.kernelFunc(call)
    const scaled = context.output(dy.shape)
    scaleToWholePools(context, dy, scaled, input.shape, call.attrs as unknown as Pooling3dAttributes)
    const out = stock.kernelFunc({ ...call, inputs: { dy: scaled, input } })
    context.backend.disposeData(scaled.dataId)
    return out
  })
}

/** Multiplies each dy by the size of its pool divided by the part of the pool inside the input. */
function scaleToWholePools(
  context: KernelContext,
  dy: tf.TensorInfo,
  to: tf.TensorInfo,
  inputShape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: Pooling3dAttributes,
): void {
  const shape = inputShape as [number, number, number, number, number]
  const sizes = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const { padInfo, inChannels } = sizes
  const depth = shareInside(sizes.inDepth, sizes.outDepth, sizes.filterDepth, sizes.strideDepth, padInfo.front)
  const height = shareInside(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top)
  const width = shareInside(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left)
  const { buffer } = context.backend.wasm.asm.memory
  const count = tf.util.sizeFromShape(dy.shape)
  const from = new Float32Array(buffer, context.address(dy), count)
  const target = new Float32Array(buffer, context.address(to), count)
  let at = 0
  for (let n = 0; n < sizes.batchSize; n++) {
    for (const inDepth of depth) {
      for (const inHeight of height) {
        for (const inWidth of width) {
          const factor = 1 / (inDepth * inHeight * inWidth)
          for (const end = at + inChannels; at < end; at++) target[at] = (from[at] ?? 0) * factor
        }
      }
    }
  }
}

/** For each window along one dimension, the fraction of it inside the input. */
function shareInside(size: number, windows: number, pool: number, stride: number, before: number): number[] {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before
    return (Math.min(size, start + pool) - Math.max(0, start)) / pool
  })
}
