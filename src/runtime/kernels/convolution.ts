/** WASM kernels of 2D convolution and its gradients. */
import * as tf from '@tensorflow/tfjs'
import { activate } from './activation.ts'
import {
  convolutionSizes,
  inputGradientSizes,
  type ConvolutionAttributes,
  type ConvolutionSizes,
} from './convolutionSizes.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'
import { padInput, padOutputGradient, tableOfWindows } from './paddedImages.ts'
import { panelWidth, type PackedProduct } from './panels.ts'
import { stridedInputGradient } from './stridedInputGradient.ts'
import { suitsWinograd, winogradConvolution, winogradFilterGradient, winogradSizes } from './winograd.ts'

/** Registers 2D convolution, with or without bias and activation, and the gradients of its input and filter. */
export function registerConvolutionKernels(context: KernelContext): void {
  context.improve<ConvolutionAttributes>('Conv2D', (call) => convolve(context, call))
  context.improve<ConvolutionAttributes>('FusedConv2D', (call) => convolve(context, call))
  context.improve<ConvolutionAttributes>('Conv2DBackpropFilter', (call) => convolutionFilterGradient(context, call))
  context.improve<ConvolutionAttributes>('Conv2DBackpropInput', (call) => convolutionInputGradient(context, call))
}

/** activation(x * filter + bias), for x [batch, height, width, channels] and a filter [height, width, channels, filters]. */
function convolve(context: KernelContext, { inputs, attrs }: KernelCall<ConvolutionAttributes>): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = inputs
  if (!x || !filter || !areFloats(x, filter) || attrs.dataFormat === 'NCHW') return null
  if (bias && (bias.dtype !== 'float32' || tf.util.sizeFromShape(bias.shape) !== filter.shape[3])) return null

  const sizes = convolutionSizes(x.shape, filter.shape, attrs)
  const relu = attrs.activation === 'relu'
  const out = context.output(sizes.outShape)
  const product = {
    panels: packFilter(context, sizes, filter),
    bias: bias ? context.address(bias) : 0,
    out: context.address(out),
    relu,
  }
  convolvePadded(context, sizes, (padded) => padInput(context, padded, x), product)
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}

/** The gradient of the filter, dFilter[h, w, c, f]: the sum over all windows of the input under the tap (h, w) times dy. */
function convolutionFilterGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { x, dy } = inputs
  if (!x || !dy || !attrs.filterShape || !areFloats(x, dy) || attrs.dataFormat === 'NCHW') return null
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs)
  const { outChannels } = sizes
  const out = context.output(attrs.filterShape)
  if (suitsWinograd(sizes)) {
    winogradFilterGradient(context, winogradSizes(sizes), x, dy, out)
    return out
  }
  const windows = sizes.batchSize * sizes.outHeight * sizes.outWidth
  let right = { address: context.address(dy), step: outChannels * 4, panelStep: 32 }
  if (outChannels % 8 !== 0) {
    const address = context.scratch('packed', windows * panelWidth(outChannels))
    context.module.packPanels(right.address, address, windows, outChannels, outChannels, 1)
    right = { address, step: 32, panelStep: windows * 32 }
  }
  const rows = tableOfWindows(context, sizes, padInput(context, sizes, x))
  context.module.multiplyTransposedRows(
    rows,
    windows,
    right.address,
    right.step,
    right.panelStep,
    context.address(out),
    outChannels,
    ...windowSpans(sizes),
    false,
  )
  return out
}

/**
 * The gradient of the input. With stride 1, it is a convolution too: padded dy is convolved by the filter rotated by 180
 * degrees with its channels and filters swapped (Dumoulin and Visin, A guide to convolution arithmetic, section 4).
 */
function convolutionInputGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { dy, filter } = inputs
  if (!dy || !filter || !attrs.inputShape || !areFloats(dy, filter) || attrs.dataFormat === 'NCHW') return null
  const forward = convolutionSizes(attrs.inputShape, filter.shape, attrs)
  if (forward.strideHeight > 1 || forward.strideWidth > 1) return stridedInputGradient(context, forward, dy, filter)
  const sizes = inputGradientSizes(forward)
  const out = context.output(attrs.inputShape)
  const panels = packFlippedFilter(context, forward, filter)
  const product = { panels, bias: 0, out: context.address(out), relu: false }
  convolvePadded(context, sizes, (padded) => padOutputGradient(context, forward, padded, dy), product)
  return out
}

/** Packs a filter into panels of eight filters, and returns their address. */
export function packFilter(
  context: KernelContext,
  { filterHeight, filterWidth, inChannels, outChannels }: ConvolutionSizes,
  filter: tf.TensorInfo,
): number {
  const depth = filterHeight * filterWidth * inChannels
  const panels = context.scratch('packed', depth * panelWidth(outChannels))
  context.module.packPanels(context.address(filter), panels, depth, outChannels, outChannels, 1)
  return panels
}

/** Packs the rotated filter of the gradient of the input, and returns its address. */
export function packFlippedFilter(
  context: KernelContext,
  { filterHeight, filterWidth, inChannels, outChannels }: ConvolutionSizes,
  filter: tf.TensorInfo,
): number {
  const panels = context.scratch('packed', filterHeight * filterWidth * outChannels * panelWidth(inChannels))
  const filterSizes = [filterHeight, filterWidth, inChannels, outChannels] as const
  context.module.packFlippedFilter(context.address(filter), panels, ...filterSizes, 0, 0, 1, 1)
  return panels
}

/** Convolves by the faster algorithm; `pad` returns the address of the images, padded to the sizes that it takes. */
export function convolvePadded(
  context: KernelContext,
  sizes: ConvolutionSizes,
  pad: (sizes: ConvolutionSizes) => number,
  product: PackedProduct,
): void {
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, pad(tiled), product)
  } else {
    multiplyWindows(context, sizes, pad(sizes), product)
  }
}

/**
 * The memory layout of a window in the padded images: one contiguous span per row of the filter, or one per tap if the
 * filter is dilated horizontally.
 *
 * @returns The number of lines and the bytes between them, the spans per line and the bytes between them, and the floats
 *   per span.
 */
export function windowSpans(sizes: ConvolutionSizes) {
  const { filterHeight, filterWidth, inChannels, dilationHeight, dilationWidth, paddedWidth } = sizes
  const together = dilationWidth === 1
  return [
    filterHeight,
    dilationHeight * paddedWidth * inChannels * 4,
    together ? 1 : filterWidth,
    dilationWidth * inChannels * 4,
    together ? filterWidth * inChannels : inChannels,
  ] as const
}

/** Multiplies all windows of the padded images with the packed filter. */
function multiplyWindows(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  { panels, bias, out, relu }: PackedProduct,
): void {
  context.module.multiplyRows(
    tableOfWindows(context, sizes, images),
    sizes.batchSize * sizes.outHeight * sizes.outWidth,
    panels,
    bias,
    out,
    sizes.outChannels,
    ...windowSpans(sizes),
    relu ? 1 : 0,
  )
}
