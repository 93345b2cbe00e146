import * as tf from '@tensorflow/tfjs'
import type { Gradient } from './replaceGradient.ts'

interface AveragingAttributes {
  readonly filterSize: [number, number] & [number, number, number]
  readonly strides: [number, number] & [number, number, number]
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** Where windows lie along one axis. */
interface WindowAxis {
  readonly size: number
  readonly windows: number
  readonly window: number
  readonly stride: number
  readonly before: number
}

/**
 * The gradient of average pooling on the cpu backend, which divides by the size of the window where part of it is
 * padding: there, the average is over fewer values, and so their gradient is larger.
 */
export function averagePoolingGradient(gradientKernel: 'AvgPoolGrad' | 'AvgPool3DGrad'): Gradient {
  return (dy, [x], attrs) => {
    if (tf.getBackend() !== 'cpu') return null
    const input = x as tf.Tensor
    return {
      x: () => {
        const scaled = windowAxes(input.shape, attrs as unknown as AveragingAttributes).reduce<tf.Tensor>(
          (scaledSoFar, axis, index) => scaledSoFar.mul(shareOfWindows(axis, index + 1, dy.rank)),
          dy,
        )
        return tf.engine().runKernel(gradientKernel, { dy: scaled, input }, attrs) as tf.Tensor
      },
    }
  }
}

function windowAxes(inputShape: readonly number[], attrs: AveragingAttributes): WindowAxis[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util
  if (inputShape.length === 4) {
    const sizes = computePool2DInfo(inputShape as never, filterSize, strides, 1, pad, dimRoundingMode)
    const { padInfo } = sizes
    return [
      axisOf(sizes.inHeight, sizes.outHeight, sizes.filterHeight, sizes.strideHeight, padInfo.top),
      axisOf(sizes.inWidth, sizes.outWidth, sizes.filterWidth, sizes.strideWidth, padInfo.left),
    ]
  }
  const sizes = computePool3DInfo(inputShape as never, filterSize, strides, 1, pad, dimRoundingMode)
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

/** For each window along an axis, its size by how many of its places are in the image; to multiply by along that axis. */
function shareOfWindows({ size, windows, window, stride, before }: WindowAxis, axis: number, rank: number): tf.Tensor {
  const shares = Array.from({ length: windows }, (_, index) => {
    const start = index * stride - before
    return window / (Math.min(size, start + window) - Math.max(0, start))
  })
  const shape = Array.from({ length: rank }, (_, place) => (place === axis ? windows : 1))
  return tf.tensor(shares, shape)
}
