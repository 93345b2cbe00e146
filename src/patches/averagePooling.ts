/**
 * Fixes the gradient of average pooling: the cpu and webgpu kernels divide by the whole window even if part of it is padding,
 * and the kernel of tfjs-node is wrong if a window exceeds the image.
 *
 * Upstream: none found; `avgMultiplier` in AvgPoolGrad.ts and AvgPool3DGrad.ts of tfjs-backend-cpu and
 *   tfjs-backend-webgpu 4.22
 * Test: test/patches/averagePooling.test.ts
 * Until: these kernels divide by the part of the window inside the image, and libtensorflow accepts windows larger
 *   than the image
 */
import * as tf from '@tensorflow/tfjs'
import { replaceGradient, type Gradient } from './replaceGradient.ts'

interface AveragingAttributes {
  readonly filterSize: [number, number] & [number, number, number]
  readonly strides: [number, number] & [number, number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The windows along one axis: their number, size, stride and the padding before the first. */
interface WindowAxis {
  readonly size: number
  readonly windows: number
  readonly window: number
  readonly stride: number
  readonly before: number
}

export function fixAveragePooling(): void {
  replaceGradient('AvgPool', averagePoolingGradient('AvgPoolGrad'))
  replaceGradient('AvgPool3D', averagePoolingGradient('AvgPool3DGrad'))
}

/** The corrected gradient of 2-d or 3-d average pooling. The wasm backend has its own kernels. */
function averagePoolingGradient(gradientKernel: 'AvgPoolGrad' | 'AvgPool3DGrad'): Gradient {
  return (dy, [x], attrs) => {
    const engine = tf.getBackend()
    if (engine === 'wasm') return null
    const input = x as tf.Tensor
    const axes = windowAxes(input.shape, attrs as unknown as AveragingAttributes)
    if (engine === 'cpu' || engine === 'webgpu') {
      const scale = (scaled: tf.Tensor, axis: WindowAxis, index: number) =>
        scaled.mul(paddingFactors(axis, index + 1, dy.rank))
      return {
        x: () => tf.engine().runKernel(gradientKernel, { dy: axes.reduce(scale, dy), input }, attrs) as tf.Tensor,
      }
    }
    const isWrong = gradientKernel === 'AvgPoolGrad' && axes.some(({ size, window }) => window > size)
    return isWrong ? { x: () => axes.reduce((spread, axis, index) => spreadOver(spread, axis, index + 1), dy) } : null
  }
}

function windowAxes(inputShape: readonly number[], attrs: AveragingAttributes): WindowAxis[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util
  if (inputShape.length === 4) {
    const sizes = computePool2DInfo(
      [...inputShape] as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    )
    const { padInfo } = sizes
    return [
      axisOf(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top),
      axisOf(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left),
    ]
  }
  const sizes = computePool3DInfo(
    [...inputShape] as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  )
  const { padInfo } = sizes
  return [
    axisOf(sizes.inDepth, sizes.outDepth, sizes.filterDepth, sizes.strideDepth, padInfo.front),
    axisOf(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top),
    axisOf(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left),
  ]
}

function axisOf(size: number, windows: number, window: number, stride: number, before: number): WindowAxis {
  return { size, windows, window, stride, before }
}

/** The start and the end (exclusive) of a window along an axis, clipped to the image. */
function rangeOf({ size, window, stride, before }: WindowAxis, index: number): [number, number] {
  const start = index * stride - before
  return [Math.max(0, start), Math.min(size, start + window)]
}

/**
 * For each window along an axis, its size divided by its size inside the image, as a tensor that broadcasts along that
 * axis.
 */
function paddingFactors(along: WindowAxis, axis: number, rank: number): tf.Tensor {
  const factors = Array.from({ length: along.windows }, (_, index) => {
    const [start, end] = rangeOf(along, index)
    return along.window / (end - start)
  })
  const shape = Array.from({ length: rank }, (_, place) => (place === axis ? along.windows : 1))
  return tf.tensor(factors, shape)
}

/** Divides each window's value equally among its positions along an axis: the product with a matrix [windows, positions]. */
function spreadOver(dy: tf.Tensor, along: WindowAxis, axis: number): tf.Tensor {
  const parts = Array.from({ length: along.windows }, (_, index) => {
    const [start, end] = rangeOf(along, index)
    return Array.from({ length: along.size }, (__, place) => (place >= start && place < end ? 1 / (end - start) : 0))
  })
  const order = Array.from({ length: dy.rank }, (_, place) => place)
  order[axis] = dy.rank - 1
  order[dy.rank - 1] = axis
  const last = dy.transpose(order)
  const product = last.reshape([-1, along.windows]).matMul(tf.tensor2d(parts, [along.windows, along.size]))
  return product.reshape([...last.shape.slice(0, -1), along.size]).transpose(order)
}
