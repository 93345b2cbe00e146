/** WASM kernels of 2D convolution with stride 1 and max pooling by windows of 2 x 2; src/patches/poolingFirst.ts calls them. */
import * as tf from '@tensorflow/tfjs'
import type {
  PooledConvolutionAttributes,
  PooledConvolutionGradientInputs,
  PooledConvolutionInputs,
} from '../../patches/poolingFirst.ts'
import { convolutionSizes, type ConvolutionSizes, inputGradientSizes, type Shape4d } from './convolutionSizes.ts'
import { convolvePadded, packFilter, packFlippedFilter, windowSpans } from './convolution.ts'
import type { KernelContext } from './kernelContext.ts'
import { padInput, tableOfWindows } from './paddedImages.ts'
import { suitsWinograd, winogradConvolution, winogradFilterGradient, winogradSizes } from './winograd.ts'

/** Registers the convolution with its pooling, bias and relu, and the gradients of its input, filter and bias. */
export function registerPooledConvolutionKernels(context: KernelContext): void {
  context.replace('PooledConv2D', ({ inputs, attrs }) =>
    convolveAndPool(
      context,
      inputs as unknown as PooledConvolutionInputs,
      attrs as unknown as PooledConvolutionAttributes,
    ),
  )
  const gradients = { Input: inputGradient, Filter: filterGradient, Bias: biasGradient }
  for (const [name, differentiate] of Object.entries(gradients)) {
    context.replace(`PooledConv2D${name}Grad`, ({ inputs, attrs }) =>
      differentiate(
        context,
        inputs as unknown as PooledConvolutionGradientInputs,
        attrs as unknown as PooledConvolutionAttributes,
      ),
    )
  }
}

/** Returns activation(max(x * filter) + bias), and the place of each largest value in its window: see storeLargest. */
function convolveAndPool(
  context: KernelContext,
  { x, filter, bias }: PooledConvolutionInputs,
  { pad, relu }: PooledConvolutionAttributes,
): tf.TensorInfo[] {
  const sizes = sizesOf(x.shape, filter.shape, pad)
  const { batchSize, outHeight, outWidth, outChannels } = sizes
  const shape = [batchSize, outHeight / 2, outWidth / 2, outChannels]
  const out = context.output(shape)
  const places = context.backend.makeOutput(shape, 'int32')
  const product = {
    panels: packFilter(context, sizes, filter),
    bias: bias ? context.address(bias) : 0,
    out: context.address(out),
    places: context.address(places),
    relu,
  }
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, padInput(context, tiled, x), product)
  } else {
    const { paddedHeight, paddedWidth, inChannels, filterHeight, filterWidth } = sizes
    context.module.multiplyPooledWindows(
      padInput(context, sizes, x),
      product.panels,
      product.bias,
      product.out,
      product.places,
      batchSize,
      paddedHeight,
      paddedWidth,
      inChannels,
      outHeight,
      outWidth,
      outChannels,
      filterHeight,
      filterWidth,
      relu ? 1 : 0,
    )
  }
  return [out, places]
}

function inputGradient(
  context: KernelContext,
  { x, filter, dy, places }: PooledConvolutionGradientInputs,
  { pad }: PooledConvolutionAttributes,
): tf.TensorInfo {
  const forward = sizesOf(x.shape, filter.shape, pad)
  const { batchSize, outHeight, outWidth, outChannels, padInfo } = forward
  const out = context.output(x.shape)
  const panels = packFlippedFilter(context, forward, filter)
  const unpool = ({ paddedHeight, paddedWidth }: ConvolutionSizes): number => {
    const images = context.scratch('padded', batchSize * paddedHeight * paddedWidth * outChannels)
    const top = forward.filterHeight - 1 - padInfo.top
    const left = forward.filterWidth - 1 - padInfo.left
    context.module.unpoolImages(
      context.address(dy),
      context.address(places),
      images,
      batchSize,
      outHeight,
      outWidth,
      outChannels,
      paddedHeight,
      paddedWidth,
      top,
      left,
    )
    return images
  }
  const product = { panels, bias: 0, out: context.address(out), relu: false }
  convolvePadded(context, inputGradientSizes(forward), unpool, product)
  return out
}

function filterGradient(
  context: KernelContext,
  { x, filter, dy, places }: PooledConvolutionGradientInputs,
  { pad }: PooledConvolutionAttributes,
): tf.TensorInfo {
  const sizes = sizesOf(x.shape, filter.shape, pad)
  const { batchSize, outHeight, outWidth, outChannels } = sizes
  const out = context.output(filter.shape)
  if (suitsWinograd(sizes)) {
    winogradFilterGradient(context, winogradSizes(sizes), x, dy, out, places)
    return out
  }
  const [lines, lineStep, , , spanLength] = windowSpans(sizes)
  context.module.pooledFilterGradient(
    tableOfWindows(context, sizes, padInput(context, sizes, x)),
    context.address(dy),
    context.address(places),
    context.scratch('tiles', context.module.pooledGradientScratchSize(outWidth, outChannels)),
    context.address(out),
    batchSize,
    outHeight,
    outWidth,
    outChannels,
    lines,
    lineStep,
    spanLength,
  )
  return out
}

function biasGradient(context: KernelContext, { dy, places }: PooledConvolutionGradientInputs): tf.TensorInfo {
  const filters = dy.shape.at(-1)!
  const out = context.output([filters])
  const rows = tf.util.sizeFromShape(dy.shape) / filters
  context.module.pooledBiasGradient(context.address(dy), context.address(places), context.address(out), rows, filters)
  return out
}

function sizesOf(inputShape: readonly number[], filterShape: readonly number[], pad: 'valid' | 'same') {
  return convolutionSizes(inputShape as Shape4d, filterShape as Shape4d, { strides: 1, pad })
}
