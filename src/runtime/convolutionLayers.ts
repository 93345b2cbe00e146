import * as tf from '@tensorflow/tfjs'
import type { FactoryOptions } from './preprocessingLayers.ts'

/** What a convolution reads while it runs. */
interface Convolution {
  kernel: { read(): tf.Tensor4D }
  bias: { read(): tf.Tensor1D } | null
  activation: { apply(values: tf.Tensor): tf.Tensor } | null
  strides: [number, number]
  dilationRate: [number, number]
}

/**
 * tf.layers.conv2d with dilation, mended: the stock layer adds its bias in the same kernel, of which TensorFlow.js has
 * no gradient with dilation. Strides besides, which `check` refuses, it refuses as the stock layer does.
 */
export function dilatedConv2dLayer(options: FactoryOptions<typeof tf.layers.conv2d>): tf.layers.Layer {
  const layer = tf.layers.conv2d(options)
  const { padding = 'valid', dataFormat } = options
  layer.call = (tensors) =>
    tf.tidy(() => {
      const { kernel, bias, activation, strides, dilationRate } = layer as unknown as Convolution
      const image = Array.isArray(tensors) ? tensors[0]! : tensors
      const channelsFirst = dataFormat === 'channelsFirst'
      const last = channelsFirst ? tf.transpose(image, [0, 2, 3, 1]) : image
      const sums = tf.conv2d(last as tf.Tensor4D, kernel.read(), strides, padding as 'valid', 'NHWC', dilationRate)
      const shifted = bias === null ? sums : sums.add(bias.read())
      const output = channelsFirst ? tf.transpose(shifted, [0, 3, 1, 2]) : shifted
      return activation === null ? output : activation.apply(output)
    })
  return layer
}
