/**
 * Corrects the gradient of 3-d max pooling. The cpu kernel finds the wrong position if a window's width and height differ;
 * the kernel of TensorFlow passes dy to every value within 1e-5 of the largest.
 *
 * Upstream: none found; `maxPool3dPositions` in pool_utils.ts of tfjs-backend-cpu 4.22 computes `wRow *
 *   effectiveFilterHeight` instead of the width, and MaxPool3DGrad of TensorFlow compares with a tolerance
 * Test: test/patches/gradients.test.ts
 * Until: `maxPool3dPositions` multiplies by the width, and TensorFlow compares exactly
 */
import * as tf from '@tensorflow/tfjs'
import { replaceGradient } from './replaceGradient.ts'

interface MaxPooling3dAttributes {
  readonly filterSize: [number, number, number] | number
  readonly strides: [number, number, number] | number
  readonly pad: 'valid' | 'same' | number
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/** The members of the CPU backend that the kernel uses. */
interface CpuStorage {
  readonly data: { get(dataId: object): { readonly values: Float32Array } }
  makeTensorInfo(shape: readonly number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo
}

export function fixMaxPooling3d(): void {
  replaceCpuKernel()
  replaceGradient('MaxPool3D', (dy, [x, y], attrs) => {
    if (tf.getBackend() !== 'tensorflow') return null
    // Exact, and the tolerance becomes 1e-11.
    const [input, output] = [tf.mul(x!, 2 ** 20), tf.mul(y!, 2 ** 20)]
    return { x: () => tf.engine().runKernel('MaxPool3DGrad', { dy, input, output }, attrs) as tf.Tensor }
  })
}

/** The wasm backend uses this kernel too. Of equal values in a window, the last one gets the gradient, as in the stock kernel. */
function replaceCpuKernel(): void {
  tf.unregisterKernel('MaxPool3DGrad', 'cpu')
  tf.registerKernel({
    kernelName: 'MaxPool3DGrad',
    backendName: 'cpu',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const cpu = backend as unknown as CpuStorage
      const [dy, input] = [inputs['dy']!, inputs['input']!]
      const dx = new Float32Array(tf.util.sizeFromShape(input.shape))
      const [values, gradients] = [cpu.data.get(input.dataId).values, cpu.data.get(dy.dataId).values]
      const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPooling3dAttributes
      const shape = input.shape as [number, number, number, number, number]
      const sizes = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
      for (const [index, gradient] of gradients.entries()) dx[largestInWindow(values, sizes, index)]! += gradient
      return cpu.makeTensorInfo(input.shape, 'float32', dx)
    },
  })
}

/** The index of the largest value in the window of the output at `index`. */
function largestInWindow(values: Float32Array, sizes: tf.backend_util.Conv3DInfo, index: number): number {
  const channel = index % sizes.inChannels
  const window = Math.floor(index / sizes.inChannels)
  const x = (window % sizes.outWidth) * sizes.strideWidth - sizes.padInfo.left
  const line = Math.floor(window / sizes.outWidth)
  const y = (line % sizes.outHeight) * sizes.strideHeight - sizes.padInfo.top
  const plane = Math.floor(line / sizes.outHeight)
  const z = (plane % sizes.outDepth) * sizes.strideDepth - sizes.padInfo.front
  const sample = Math.floor(plane / sizes.outDepth)
  let largest = -1
  for (let depth = Math.max(0, z); depth < Math.min(sizes.inDepth, z + sizes.filterDepth); depth++)
    for (let row = Math.max(0, y); row < Math.min(sizes.inHeight, y + sizes.filterHeight); row++)
      for (let column = Math.max(0, x); column < Math.min(sizes.inWidth, x + sizes.filterWidth); column++) {
        const pixel = ((sample * sizes.inDepth + depth) * sizes.inHeight + row) * sizes.inWidth + column
        const place = pixel * sizes.inChannels + channel
        if (largest < 0 || values[place]! >= values[largest]!) largest = place
      }
  return largest
}
