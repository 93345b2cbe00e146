/**
 * Replaces the gradient of resizing images: the cpu kernels are wrong for several images and for images that are not
 * square, and never return for images of one line.
 *
 * Upstream: none found; ResizeBilinearGrad.ts and ResizeNearestNeighborGrad.ts of tfjs-backend-cpu 4.22
 * Test: test/patches/gradients.test.ts
 * Until: both kernels pass the test on the cpu and wasm backends
 */
import * as tf from '@tensorflow/tfjs'
import { replaceGradient, type Gradient } from './replaceGradient.ts'

interface ResizingAttributes {
  readonly alignCorners: boolean
  readonly halfPixelCenters: boolean
}

export function fixResizing(): void {
  replaceGradient('ResizeBilinear', resizingGradient('bilinear'))
  replaceGradient('ResizeNearestNeighbor', resizingGradient('nearest'))
}

/** Resizing is linear and separable: rows · image · columns. Its gradient is the product with both matrices transposed. */
function resizingGradient(interpolation: 'bilinear' | 'nearest'): Gradient {
  return (dy, [images], attrs) => {
    const { alignCorners, halfPixelCenters } = attrs as unknown as ResizingAttributes
    const [batch, height, width, channels] = (images as tf.Tensor4D).shape
    const [, newHeight, newWidth] = dy.shape as [number, number, number, number]
    const weights = (size: number, newSize: number) =>
      resizingWeights(size, newSize, interpolation, alignCorners, halfPixelCenters)
    return {
      images: () => {
        // Treats dy as [batch, newHeight, newWidth * channels] and reduces its lines to [batch, height, …].
        const lines = tf.matMul(
          tf.tile(weights(height, newHeight).expandDims(0), [batch, 1, 1]),
          dy.reshape([batch, newHeight, newWidth * channels]),
          true,
        )
        const columns = tf.matMul(
          tf.tile(weights(width, newWidth).expandDims(0), [batch * height, 1, 1]),
          lines.reshape([batch * height, newWidth, channels]),
          true,
        )
        return columns.reshape([batch, height, width, channels])
      },
    }
  }
}

/** The weights [newSize, size] of each old position in each new one. */
function resizingWeights(
  size: number,
  newSize: number,
  interpolation: 'bilinear' | 'nearest',
  alignCorners: boolean,
  halfPixelCenters: boolean,
): tf.Tensor2D {
  const aligned = alignCorners && newSize > 1
  const scale = aligned ? (size - 1) / (newSize - 1) : size / newSize
  const weights = Array.from({ length: newSize }, () => Array.from({ length: size }, () => 0))
  for (const [place, row] of weights.entries()) {
    const centered = interpolation === 'bilinear' ? scale * (place + 0.5) - 0.5 : scale * (place + 0.5)
    const from = halfPixelCenters ? centered : scale * place
    if (interpolation === 'nearest') {
      const nearest = alignCorners ? Math.round(from) : Math.floor(from)
      row[Math.min(size - 1, Math.max(0, nearest))]! += 1
    } else {
      const before = Math.max(0, Math.floor(from))
      const part = from - before
      row[before]! += 1 - part
      row[Math.min(size - 1, Math.ceil(from))]! += part
    }
  }
  return tf.tensor2d(weights, [newSize, size], 'float32')
}
