import * as tf from '@tensorflow/tfjs'
import type { ConvolutionSizes } from './convolutionSizes.ts'
import type { KernelContext } from './kernelContext.ts'
import { padInput } from './paddedImages.ts'
import type { PackedProduct } from './panels.ts'

/**
 * Whether a convolution is faster by Winograd's tiles of 2 x 2 outputs, which take 16 products where the direct way
 * takes 36: for 3 x 3 filters with stride 1, enough channels to pay for the transforms, and not too much of the tiles
 * beyond the edge of the output.
 */
export function suitsWinograd(sizes: ConvolutionSizes): boolean {
  const { outHeight, outWidth, inChannels, outChannels } = sizes
  const square = sizes.filterHeight === 3 && sizes.filterWidth === 3
  const dense = sizes.strideHeight === 1 && sizes.strideWidth === 1 && sizes.dilationHeight === 1
  const wide = inChannels >= 16 && outChannels >= 16 && inChannels % 8 === 0 && outChannels % 8 === 0
  const products = Math.ceil(outHeight / 2) * Math.ceil(outWidth / 2) * 16
  return square && dense && sizes.dilationWidth === 1 && wide && products < outHeight * outWidth * 9 * 0.7
}

/** The same sizes with enough padding for the 4 x 4 patch of every tile. */
export function winogradSizes(sizes: ConvolutionSizes): ConvolutionSizes {
  return {
    ...sizes,
    paddedHeight: Math.max(sizes.paddedHeight, Math.ceil(sizes.outHeight / 2) * 2 + 2),
    paddedWidth: Math.max(sizes.paddedWidth, Math.ceil(sizes.outWidth / 2) * 2 + 2),
  }
}

/** Convolves padded images; see multiplyWindows, which is the direct way. */
export function winogradConvolution(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  { panels, bias, out, relu }: PackedProduct,
): void {
  const { inChannels, outChannels } = sizes
  const scratch = context.scratch('tiles', context.module.winogradScratchSize(inChannels, outChannels))
  const filter = context.scratch('transformedFilter', 16 * inChannels * outChannels)
  context.module.winogradFilter(panels, filter, scratch, outChannels / 8, inChannels)
  context.module.winogradConvolution(images, filter, bias, out, scratch, ...tiledSizes(sizes), relu ? 1 : 0)
}

/** Writes the gradient of the filter to `out`. */
export function winogradFilterGradient(
  context: KernelContext,
  sizes: ConvolutionSizes,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  out: tf.TensorInfo,
): void {
  const { inChannels, outChannels } = sizes
  context.module.winogradFilterGradient(
    padInput(context, sizes, x),
    context.address(dy),
    context.address(out),
    context.scratch('tiles', context.module.winogradGradientScratchSize(inChannels, outChannels)),
    ...tiledSizes(sizes),
  )
}

/** The sizes that the kernels take, in their order. */
function tiledSizes(sizes: ConvolutionSizes) {
  const { batchSize, paddedHeight, paddedWidth, inChannels, outHeight, outWidth, outChannels } = sizes
  return [batchSize, paddedHeight, paddedWidth, inChannels, outHeight, outWidth, outChannels] as const
}
