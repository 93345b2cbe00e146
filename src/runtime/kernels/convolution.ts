import * as tf from '@tensorflow/tfjs'
import { activate, type FusedActivation } from './activation.ts'
import { areFloats, type KernelCall, type KernelContext } from './kernelContext.ts'
import { suitsWinograd, winogradConvolution, winogradFilterGradient, winogradSizes } from './winograd.ts'

/** The attributes that the convolution kernels share. Gradient kernels get `dilations` only from our own gradients. */
export interface ConvolutionAttributes extends FusedActivation {
  readonly strides: [number, number] | number
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dilations?: [number, number] | number
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly filterShape?: Shape4d
  readonly inputShape?: Shape4d
}

/** [batch, height, width, channels], or a filter's [height, width, channels, filters]. */
export type Shape4d = [number, number, number, number]

/** A convolution's filter in panels, see packPanels, its bias or 0, and where the result goes: all addresses. */
export interface PackedProduct {
  readonly panels: number
  readonly bias: number
  readonly out: number
  readonly relu: boolean
}

/** The sizes of a convolution, and those of its input with just the padding that its windows read. */
export interface ConvolutionSizes extends tf.backend_util.Conv2DInfo {
  readonly paddedHeight: number
  readonly paddedWidth: number
}

/** Registers 2D convolution, alone or with bias and relu, and the gradients of its input and filter. */
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
  const { inChannels, outChannels, filterHeight, filterWidth } = sizes
  const relu = attrs.activation === 'relu'
  const out = context.output(sizes.outShape)
  const depth = filterHeight * filterWidth * inChannels
  const panels = context.scratch('packed', depth * panelWidth(outChannels))
  context.module.packPanels(context.address(filter), panels, depth, outChannels, outChannels, 1)
  const product = {
    panels,
    bias: bias ? context.address(bias) : 0,
    out: context.address(out),
    relu,
  }
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, padInput(context, tiled, x), product)
  } else {
    multiplyWindows(context, sizes, padInput(context, sizes, x), product)
  }
  return relu ? out : activate(context, out, attrs, preluActivationWeights)
}

/** dFilter[h, w, c, f]: over all windows, the sum of the input that the tap (h, w) meets times dy. */
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
  const { lines, lineStep, spans, spanStep, spanLength } = windowSpans(sizes)
  context.module.multiplyTransposedRows(
    rows,
    windows,
    right.address,
    right.step,
    right.panelStep,
    context.address(out),
    outChannels,
    lines,
    lineStep,
    spans,
    spanStep,
    spanLength,
    false,
  )
  return out
}

/**
 * dx, which is a convolution too: of dy, spread out by the strides and padded, by the filter turned by 180 degrees with
 * its channels and filters exchanged (Dumoulin and Visin, A guide to convolution arithmetic, section 4).
 */
function convolutionInputGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { dy, filter } = inputs
  if (!dy || !filter || !attrs.inputShape || !areFloats(dy, filter) || attrs.dataFormat === 'NCHW') return null
  const forward = convolutionSizes(attrs.inputShape, filter.shape, attrs)
  const sizes = inputGradientSizes(forward)
  const { filterHeight, filterWidth, inChannels, outChannels } = forward
  const out = context.output(attrs.inputShape)
  const panels = context.scratch('packed', filterHeight * filterWidth * outChannels * panelWidth(inChannels))
  context.module.packFlippedFilter(context.address(filter), panels, filterHeight, filterWidth, inChannels, outChannels)
  const product = { panels, bias: 0, out: context.address(out), relu: false }
  if (suitsWinograd(sizes)) {
    const tiled = winogradSizes(sizes)
    winogradConvolution(context, tiled, padOutputGradient(context, forward, tiled, dy), product)
  } else {
    multiplyWindows(context, sizes, padOutputGradient(context, forward, sizes, dy), product)
  }
  return out
}

/** The sizes of a convolution of channels-last tensors. */
export function convolutionSizes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode }: ConvolutionAttributes,
  depthwise = false,
): ConvolutionSizes {
  const sizes = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4d,
    filterShape as Shape4d,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  )
  const readHeight = (sizes.outHeight - 1) * sizes.strideHeight + sizes.effectiveFilterHeight
  const readWidth = (sizes.outWidth - 1) * sizes.strideWidth + sizes.effectiveFilterWidth
  return {
    ...sizes,
    // At least what is read, and at least what is there: rows that no window reads stay.
    paddedHeight: Math.max(sizes.inHeight + sizes.padInfo.top, readHeight),
    paddedWidth: Math.max(sizes.inWidth + sizes.padInfo.left, readWidth),
  }
}

/** The sizes of the convolution, with stride 1 and from dy to dx, that computes the gradient of the input. */
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

/** The address of the input with its padding; of the input itself where there is none. */
export function padInput(context: KernelContext, sizes: ConvolutionSizes, x: tf.TensorInfo): number {
  const { batchSize, inHeight, inWidth, inChannels, paddedHeight, paddedWidth, padInfo } = sizes
  if (paddedHeight === inHeight && paddedWidth === inWidth) return context.address(x)
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * inChannels)
  context.module.padImages(
    context.address(x),
    padded,
    batchSize,
    inHeight,
    inWidth,
    inChannels,
    paddedHeight,
    paddedWidth,
    padInfo.top,
    padInfo.left,
    1,
    1,
  )
  return padded
}

/**
 * The address of dy, spread out and padded so that a convolution of it with stride 1 gives the input's gradient.
 *
 * @param sizes of that convolution, see inputGradientSizes
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
  context.module.padImages(
    context.address(dy),
    padded,
    batchSize,
    outHeight,
    outWidth,
    outChannels,
    paddedHeight,
    paddedWidth,
    top,
    left,
    strideHeight,
    strideWidth,
  )
  return padded
}

/** Writes the table of where each window begins in the padded images, and returns its address. */
export function tableOfWindows(context: KernelContext, sizes: ConvolutionSizes, images: number): number {
  const { batchSize, inChannels, outHeight, outWidth, paddedHeight, paddedWidth } = sizes
  const rows = context.scratch('rows', batchSize * outHeight * outWidth)
  context.module.windowRows(
    rows,
    images,
    batchSize,
    paddedHeight,
    paddedWidth,
    inChannels,
    outHeight,
    outWidth,
    sizes.strideHeight,
    sizes.strideWidth,
  )
  return rows
}

/** How a window's floats lie in the padded images: in one span for each line of the filter, or for each tap if dilated. */
function windowSpans(sizes: ConvolutionSizes) {
  const { filterHeight, filterWidth, inChannels, dilationHeight, dilationWidth, paddedWidth } = sizes
  const together = dilationWidth === 1
  return {
    lines: filterHeight,
    lineStep: dilationHeight * paddedWidth * inChannels * 4,
    spans: together ? 1 : filterWidth,
    spanStep: dilationWidth * inChannels * 4,
    spanLength: together ? filterWidth * inChannels : inChannels,
  }
}

/** Multiplies all windows of the padded images with the packed filter. */
function multiplyWindows(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  { panels, bias, out, relu }: PackedProduct,
): void {
  const { lines, lineStep, spans, spanStep, spanLength } = windowSpans(sizes)
  context.module.multiplyRows(
    tableOfWindows(context, sizes, images),
    sizes.batchSize * sizes.outHeight * sizes.outWidth,
    panels,
    bias,
    out,
    sizes.outChannels,
    lines,
    lineStep,
    spans,
    spanStep,
    spanLength,
    relu ? 1 : 0,
  )
}

/** The columns of a matrix, rounded up to whole panels of eight. */
export function panelWidth(columns: number): number {
  return Math.ceil(columns / 8) * 8
}
