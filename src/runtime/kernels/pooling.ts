import * as tf from '@tensorflow/tfjs'
import type { Shape4d } from './convolution.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'

/** The attributes of the pooling kernels. */
export interface PoolingAttributes {
  readonly filterSize: [number, number] | number
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Registers the gradients of 2D pooling. */
export function registerPoolingKernels(context: KernelContext): void {
  context.improve<PoolingAttributes>('MaxPoolGrad', (call) => maxPoolGradient(context, call))
  context.improve<PoolingAttributes>('AvgPoolGrad', (call) => averagePoolGradient(context, call))
}

/** dx of max pooling: dy goes to the first of each window's largest values. */
function maxPoolGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<PoolingAttributes>,
): tf.TensorInfo | null {
  const { dy, input } = inputs
  if (!dy || !input || !areFloats(dy, input)) return null
  const out = context.output(input.shape)
  context.module.maxPoolGradient(
    context.address(input),
    context.address(dy),
    context.address(out),
    ...poolingSizes(input, attrs),
  )
  return out
}

/** dx of average pooling: dy is shared equally among each window's values. */
function averagePoolGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<PoolingAttributes>,
): tf.TensorInfo | null {
  const { dy, input } = inputs
  if (!dy || !input || !areFloats(dy, input)) return null
  const out = context.output(input.shape)
  context.module.averagePoolGradient(context.address(dy), context.address(out), ...poolingSizes(input, attrs))
  return out
}

/** The sizes that both pooling gradients take, in their order. */
function poolingSizes(input: tf.TensorInfo, attrs: PoolingAttributes) {
  const sizes = tf.backend_util.computePool2DInfo(
    input.shape as Shape4d,
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  )
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
