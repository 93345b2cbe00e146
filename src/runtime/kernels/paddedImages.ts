/** Pads images in the WASM memory for the convolution kernels. */
import * as tf from '@tensorflow/tfjs'
import type { ConvolutionSizes } from './convolutionSizes.ts'
import type { KernelContext } from './kernelContext.ts'

/** Returns the address of the padded input, or of the input itself if it needs no padding. */
export function padInput(context: KernelContext, sizes: ConvolutionSizes, x: tf.TensorInfo): number {
  const { batchSize, inHeight, inWidth, inChannels, paddedHeight, paddedWidth, padInfo } = sizes
  if (paddedHeight === inHeight && paddedWidth === inWidth) return context.address(x)
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * inChannels)
  const images = [batchSize, inHeight, inWidth, inChannels] as const
  const { top, left } = padInfo
  context.module.padImages(context.address(x), padded, ...images, paddedHeight, paddedWidth, top, left, 1, 1)
  return padded
}

/**
 * Returns the address of dy, spread out and padded so that its convolution with stride 1 gives the input's gradient. The
 * padded sizes are those of `inputGradientSizes`.
 */
export function padOutputGradient(
  context: KernelContext,
  forward: ConvolutionSizes,
  { paddedHeight, paddedWidth }: ConvolutionSizes,
  dy: tf.TensorInfo,
): number {
  const { batchSize, outHeight, outWidth, outChannels, strideHeight, strideWidth, padInfo } = forward
  const top = forward.effectiveFilterHeight - 1 - padInfo.top
  const left = forward.effectiveFilterWidth - 1 - padInfo.left
  const same = top === 0 && left === 0 && paddedHeight === outHeight && paddedWidth === outWidth
  if (same && strideHeight === 1 && strideWidth === 1) return context.address(dy)
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * outChannels)
  const images = [batchSize, outHeight, outWidth, outChannels] as const
  const moved = [top, left, strideHeight, strideWidth] as const
  context.module.padImages(context.address(dy), padded, ...images, paddedHeight, paddedWidth, ...moved)
  return padded
}

/** Writes a table of the start addresses of all windows in the padded images, and returns its address. */
export function tableOfWindows(context: KernelContext, sizes: ConvolutionSizes, images: number): number {
  const { batchSize, inChannels, outHeight, outWidth, paddedHeight, paddedWidth } = sizes
  const rows = context.scratch('rows', batchSize * outHeight * outWidth)
  const windows = [outHeight, outWidth, sizes.strideHeight, sizes.strideWidth] as const
  context.module.windowRows(rows, images, batchSize, paddedHeight, paddedWidth, inChannels, ...windows)
  return rows
}
