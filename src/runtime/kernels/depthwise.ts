/** WASM kernels of depthwise 2D convolution and its gradients. */
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

/** Registers depthwise convolution and the gradients of its input and filter. */
export function registerDepthwiseKernels(context: KernelContext): void {
  context.improve<ConvolutionAttributes>('DepthwiseConv2dNative', (call) => convolveDepthwise(context, call))
  context.improve<ConvolutionAttributes>('FusedDepthwiseConv2D', (call) => convolveDepthwise(context, call))
  context.improve<ConvolutionAttributes>('DepthwiseConv2dNativeBackpropFilter', (call) =>
    depthwiseFilterGradient(context, call),
  )
  context.improve<ConvolutionAttributes>('DepthwiseConv2dNativeBackpropInput', (call) =>
    depthwiseInputGradient(context, call),
  )
}

/** activation(x * filter + bias), for x [batch, height, width, channels], filter [height, width, channels, multiplier]. */
function convolveDepthwise(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { x, filter, bias, preluActivationWeights } = inputs
  if (!x || !filter || !areFloats(x, filter) || attrs.dataFormat === 'NCHW') return null
  if (bias && (!areFloats(bias) || tf.util.sizeFromShape(bias.shape) !== (x.shape[3] ?? 0) * (filter.shape[3] ?? 0)))
    return null
  const sizes = convolutionSizes(x.shape, filter.shape, attrs, true)
  const out = context.output(sizes.outShape)
  slideDepthwise(context, sizes, padInput(context, sizes, x), context.address(filter), context.address(out))
  if (bias) {
    const [address, windows] = [context.address(out), sizes.batchSize * sizes.outHeight * sizes.outWidth]
    context.module.rowOperation(0, address, context.address(bias), address, windows, sizes.outChannels)
  }
  return activate(context, out, attrs, preluActivationWeights)
}

/** The gradient of the filter, dFilter[h, w, c, m]: the sum over all windows of the input under the tap (h, w) times dy. */
function depthwiseFilterGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { x, dy } = inputs
  if (!x || !dy || !attrs.filterShape || !areFloats(x, dy) || attrs.dataFormat === 'NCHW') return null
  const sizes = convolutionSizes(x.shape, attrs.filterShape, attrs, true)
  const out = context.output(attrs.filterShape)
  context.module.depthwiseFilterGradient(
    tableOfWindows(context, sizes, padInput(context, sizes, x)),
    sizes.batchSize * sizes.outHeight * sizes.outWidth,
    context.address(dy),
    context.address(out),
    sizes.paddedWidth,
    sizes.inChannels,
    channelMultiplier(sizes),
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.dilationHeight,
    sizes.dilationWidth,
  )
  return out
}

/**
 * The gradient of the input: with a channel multiplier of 1, the convolution of dy by the rotated filter; otherwise each
 * dy times the filter is added to its window.
 */
function depthwiseInputGradient(
  context: KernelContext,
  { inputs, attrs }: KernelCall<ConvolutionAttributes>,
): tf.TensorInfo | null {
  const { dy, filter } = inputs
  if (!dy || !filter || !attrs.inputShape || !areFloats(dy, filter) || attrs.dataFormat === 'NCHW') return null
  const forward = convolutionSizes(attrs.inputShape, filter.shape, attrs, true)
  const out = context.output(attrs.inputShape)
  if (channelMultiplier(forward) === 1) {
    const sizes = inputGradientSizes(forward)
    const images = padOutputGradient(context, forward, sizes, dy)
    const turned = turnFilter(context, forward, filter)
    slideDepthwise(context, sizes, images, turned, context.address(out))
  } else {
    scatterDepthwise(context, forward, filter, dy, out)
  }
  return out
}

/** Convolves padded images depthwise. */
function slideDepthwise(
  context: KernelContext,
  sizes: ConvolutionSizes,
  images: number,
  filter: number,
  out: number,
): void {
  context.module.depthwise(images, filter, out, ...depthwiseSizes(sizes))
}

/** Adds each dy times the filter to its window in the padded images, then removes the padding. */
function scatterDepthwise(
  context: KernelContext,
  sizes: ConvolutionSizes,
  filter: tf.TensorInfo,
  dy: tf.TensorInfo,
  out: tf.TensorInfo,
): void {
  const { batchSize, inHeight, inWidth, inChannels, paddedHeight, paddedWidth, padInfo } = sizes
  const padded = context.scratch('padded', batchSize * paddedHeight * paddedWidth * inChannels)
  context.module.depthwiseScatter(context.address(filter), context.address(dy), padded, ...depthwiseSizes(sizes))
  const images = [batchSize, paddedHeight, paddedWidth, inChannels] as const
  const moved = [-padInfo.top, -padInfo.left] as const
  context.module.padImages(padded, context.address(out), ...images, inHeight, inWidth, ...moved, 1, 1)
}

/** The sizes in the order of the module's parameters. */
function depthwiseSizes(sizes: ConvolutionSizes) {
  return [
    sizes.batchSize,
    sizes.paddedHeight,
    sizes.paddedWidth,
    sizes.inChannels,
    channelMultiplier(sizes),
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.strideHeight,
    sizes.strideWidth,
    sizes.dilationHeight,
    sizes.dilationWidth,
    sizes.outHeight,
    sizes.outWidth,
  ] as const
}

/** Rotates a filter [height, width, channels, 1] by 180 degrees and returns the address of the copy. */
function turnFilter(context: KernelContext, sizes: ConvolutionSizes, filter: tf.TensorInfo): number {
  const taps = sizes.filterHeight * sizes.filterWidth
  const channels = sizes.inChannels
  const address = context.scratch('packed', taps * channels)
  const { buffer } = context.backend.wasm.asm.memory
  const from = new Float32Array(buffer, context.address(filter), taps * channels)
  const to = new Float32Array(buffer, address, taps * channels)
  for (let tap = 0; tap < taps; tap++) {
    to.set(from.subarray(tap * channels, (tap + 1) * channels), (taps - 1 - tap) * channels)
  }
  return address
}

/** The number of filters per channel. */
function channelMultiplier(sizes: ConvolutionSizes): number {
  return sizes.outChannels / sizes.inChannels
}
