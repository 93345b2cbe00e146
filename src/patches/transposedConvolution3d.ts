/**
 * Adds the gradient of a transposed 3-d convolution, which TensorFlow.js lacks.
 *
 * Upstream: https://github.com/tensorflow/tfjs/issues/6323 (closed without a fix)
 * Test: test/patches/gradients.test.ts
 * Until: tfjs-core registers a gradient for Conv3DBackpropInputV2
 */
import * as tf from '@tensorflow/tfjs'

interface TransposedAttributes {
  readonly strides: [number, number, number] | number
  readonly pad: 'valid' | 'same'
}

/** Registers the gradients: the convolution by the same filter, and the gradient of that convolution's filter. */
export function fixTransposedConvolution3d(): void {
  tf.registerGradient({
    kernelName: 'Conv3DBackpropInputV2',
    inputsToSave: ['dy', 'filter'],
    gradFunc: (gradient, [input, filter], attrs) => {
      const { strides, pad } = attrs as unknown as TransposedAttributes
      const [given, values, weights] = [gradient as tf.Tensor5D, input as tf.Tensor5D, filter as tf.Tensor5D]
      return {
        dy: () => tf.conv3d(given, weights, strides, pad),
        filter: () =>
          tf
            .engine()
            .runKernel(
              'Conv3DBackpropFilterV2',
              { x: given, dy: values },
              { strides, pad, filterShape: weights.shape },
            ),
      }
    },
  })
}
