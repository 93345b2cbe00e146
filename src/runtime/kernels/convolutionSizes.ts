/** The attributes and sizes that the convolution kernels share. */
import * as tf from '@tensorflow/tfjs'
import type { FusedActivation } from './activation.ts'

/** The attributes of a convolution kernel. Gradient kernels get `dilations` only from the gradients in `src/patches`. */
export interface ConvolutionAttributes extends FusedActivation {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  /** The depthwiseConv2d of tf.layers passes null. */
  readonly dilations?: [number, number] | number | null
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly filterShape?: Shape4d
  readonly inputShape?: Shape4d
}

/** [batch, height, width, channels], or a filter's [height, width, channels, filters]. */
export type Shape4d = [number, number, number, number]

/** The sizes of a convolution, and of its input with only the padding that its windows read. */
export interface ConvolutionSizes extends tf.backend_util.Conv2DInfo {
  readonly paddedHeight: number
  readonly paddedWidth: number
}

/** Computes the sizes of a convolution of channels-last tensors. */
export function convolutionSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: ConvolutionAttributes,
  depthwise = false,
): ConvolutionSizes {
  const sizes = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4d,
    filterShape as Shape4d,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  )
  const readHeight = (sizes.outHeight - 1) * sizes.strideHeight + sizes.effectiveFilterHeight
  const readWidth = (sizes.outWidth - 1) * sizes.strideWidth + sizes.effectiveFilterWidth
  return {
    ...sizes,
    // No smaller than the input: rows that no window reads are kept.
    paddedHeight: Math.max(sizes.inHeight + sizes.padInfo.top, readHeight),
    paddedWidth: Math.max(sizes.inWidth + sizes.padInfo.left, readWidth),
  }
}

/** The sizes of the stride-1 convolution that computes the gradient of the input from dy. */
export function inputGradientSizes(forward: ConvolutionSizes): ConvolutionSizes {
  return {
    ...forward,
    inChannels: forward.outChannels,
    outChannels: forward.inChannels,
    outHeight: forward.inHeight,
    outWidth: forward.inWidth,
    strideHeight: 1,
    strideWidth: 1,
    paddedHeight: forward.inHeight + forward.effectiveFilterHeight - 1,
    paddedWidth: forward.inWidth + forward.effectiveFilterWidth - 1,
  }
}
