/** Winograd's algorithm for 3 x 3 convolutions: when it pays off, and the calls of its WASM kernels. */
import * as tf from '@tensorflow/tfjs'
import type { ConvolutionSizes } from './convolutionSizes.ts'
import type { KernelContext } from './kernelContext.ts'
import { padInput } from './paddedImages.ts'
import type { PackedProduct } from './panels.ts'

/**
 * Whether Winograd's algorithm is faster, which computes a tile of 4 x 4 outputs by 36 products instead of 144: for 3 x 3
 * filters with stride 1, enough channels to outweigh the transforms, and an output that does not leave too much of its
 * tiles unused.
 */
export function suitsWinograd(sizes: ConvolutionSizes): boolean {
  const { outHeight, outWidth, inChannels, outChannels } = sizes
  const square = sizes.filterHeight === 3 && sizes.filterWidth === 3
  const dense = sizes.strideHeight === 1 && sizes.strideWidth === 1 && sizes.dilationHeight === 1
  const wide = inChannels >= 16 && outChannels >= 16 && inChannels % 8 === 0 && outChannels % 8 === 0
  const products = productsAlong(outHeight) * productsAlong(outWidth)
  return square && dense && sizes.dilationWidth === 1 && wide && products < outHeight * outWidth * 9 * 0.7
}

/** The products along one dimension: a tile of four outputs takes six; a last one of up to two outputs, four. */
function productsAlong(size: number): number {
  const rest = size % 4
  return Math.floor(size / 4) * 6 + (rest === 3 ? 6 : rest > 0 ? 4 : 0)
}

/** The sizes with enough padding for the patch of every tile. */
export function winogradSizes(sizes: ConvolutionSizes): ConvolutionSizes {
  return {
    ...sizes,
    // Tiles have two or four outputs, so that all of them have an even number.
    paddedHeight: Math.max(sizes.paddedHeight, Math.ceil(sizes.outHeight / 2) * 2 + 2),
    paddedWidth: Math.max(sizes.paddedWidth, Math.ceil(sizes.outWidth / 2) * 2 + 2),
  }
}

/** Convolves padded images by Winograd's algorithm; `multiplyWindows` is the direct one. */
export function winogradConvolution(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  { panels, bias, out, places = 0, relu }: PackedProduct,
): void {
  const { inChannels, outChannels } = sizes
  const scratch = context.scratch('tiles', context.module.winogradScratchSize(inChannels, outChannels))
  const filter = context.scratch('transformedFilter', 36 * inChannels * Math.ceil(outChannels / 16) * 16)
  context.module.winogradFilter(panels, filter, scratch, outChannels / 8, inChannels, sizes.outHeight, sizes.outWidth)
  context.module.winogradConvolution(images, filter, bias, out, places, scratch, ...tiledSizes(sizes), relu ? 1 : 0)
}

/** Computes the gradient of the filter into `out`. With `places`, dy are the gradients of pooled outputs. */
export function winogradFilterGradient(
  context: KernelContext,
  sizes: ConvolutionSizes,
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  out: tf.TensorInfo,
  places?: tf.TensorInfo,
): void {
  const { inChannels, outChannels } = sizes
  context.module.winogradFilterGradient(
    padInput(context, sizes, x),
    context.address(dy),
    places ? context.address(places) : 0,
    context.address(out),
    context.scratch('tiles', context.module.winogradGradientScratchSize(inChannels, outChannels)),
    ...tiledSizes(sizes),
  )
}

/** The sizes in the order of the module's parameters. */
function tiledSizes(sizes: ConvolutionSizes) {
  const { batchSize, paddedHeight, paddedWidth, inChannels, outHeight, outWidth, outChannels } = sizes
  return [batchSize, paddedHeight, paddedWidth, inChannels, outHeight, outWidth, outChannels] as const
}
