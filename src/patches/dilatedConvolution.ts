/**
 * Computes the gradients of dilated convolutions, which TensorFlow.js refuses on all backends.
 *
 * Upstream: https://github.com/tensorflow/tfjs/issues/7906 (closed without a fix)
 * Test: test/patches/gradients.test.ts
 * Until: Conv2D_grad.ts and DepthwiseConv2dNative_grad.ts of tfjs-core and the kernels of all backends accept dilations
 */
import * as tf from '@tensorflow/tfjs'
import type { ConvolutionAttributes } from '../runtime/kernels/convolutionSizes.ts'
import { replaceGradient, type Gradient } from './replaceGradient.ts'

type Shape4D = [height: number, width: number, channels: number, filters: number]

export function fixDilatedConvolutions(): void {
  for (const kernel of ['Conv2D', 'DepthwiseConv2dNative'])
    replaceGradient(kernel, dilatedConvolutionGradient(`${kernel}BackpropInput`, `${kernel}BackpropFilter`))
}

/**
 * The gradients of a dilated convolution, computed as those of the convolution by the filter with zeros between its taps.
 * This package's kernels for the wasm backend support dilation directly.
 */
function dilatedConvolutionGradient(inputKernel: string, filterKernel: string): Gradient {
  return (dy, [x, filter], attrs) => {
    const { dilations } = attrs as unknown as ConvolutionAttributes
    const rates = [dilations ?? 1].flat()
    if (rates.every((rate) => rate === 1)) return null
    const [input, weights] = [x as tf.Tensor4D, filter as tf.Tensor4D]
    const run = (kernelName: string, inputs: tf.NamedTensorMap, others: tf.NamedAttrMap) =>
      tf.engine().runKernel(kernelName, inputs, { ...attrs, ...others }) as tf.Tensor4D
    if (tf.getBackend() === 'wasm') {
      return {
        x: () => run(inputKernel, { dy, filter: weights }, { inputShape: input.shape }),
        filter: () => run(filterKernel, { x: input, dy }, { filterShape: weights.shape }),
      }
    }
    const [rateY, rateX] = [rates[0]!, rates.at(-1)!]
    const undilated = { dilations: [1, 1] }
    const filterShape = dilatedShape(weights.shape, rateY, rateX)
    return {
      x: () =>
        run(
          inputKernel,
          { dy, filter: dilateFilter(weights, rateY, rateX) },
          { ...undilated, inputShape: input.shape },
        ),
      filter: () => {
        const dilated = run(filterKernel, { x: input, dy }, { ...undilated, filterShape })
        return tf.stridedSlice(dilated, [0, 0, 0, 0], filterShape, [rateY, rateX, 1, 1])
      },
    }
  }
}

/** The shape of a filter with rateY - 1 rows and rateX - 1 columns of zeros between its taps. */
function dilatedShape([height, width, channels, filters]: Shape4D, rateY: number, rateX: number): Shape4D {
  return [(height - 1) * rateY + 1, (width - 1) * rateX + 1, channels, filters]
}

/** Inserts the zeros of a dilated filter. */
function dilateFilter(filter: tf.Tensor4D, rateY: number, rateX: number): tf.Tensor {
  const [height, width, channels, filters] = filter.shape
  const rows = tf.pad(filter.reshape([height, 1, width * channels * filters]), [
    [0, 0],
    [0, rateY - 1],
    [0, 0],
  ])
  const taps = tf.pad(rows.reshape([height * rateY, width, 1, channels * filters]), [
    [0, 0],
    [0, 0],
    [0, rateX - 1],
    [0, 0],
  ])
  return taps
    .reshape([height * rateY, width * rateX, channels, filters])
    .slice([0, 0, 0, 0], dilatedShape(filter.shape, rateY, rateX))
}
