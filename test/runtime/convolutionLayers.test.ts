import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { dilatedConv2dLayer } from '../../src/parts/layers/convolution.run.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const options = { filters: 2, kernelSize: 3, dilationRate: 2, inputShape: [1, 7, 3], padding: 'same' as const }

it('computes the same as the stock layer, which has no gradient', () => {
  const [stock, ours] = [tf.layers.conv2d(options), dilatedConv2dLayer(options)]
  const images = tf.randomUniform([2, 1, 7, 3], 0, 1, 'float32', 1)
  const want = stock.apply(images) as tf.Tensor
  ours.build([null, 1, 7, 3])
  ours.setWeights(stock.getWeights())
  const found = ours.apply(images) as tf.Tensor
  expect(Array.from(found.dataSync())).toEqual(Array.from(want.dataSync()))
})

it('refuses strides with dilation', () => {
  const layer = dilatedConv2dLayer({ ...options, strides: 4 })
  expect(() => layer.apply(tf.ones([2, 1, 7, 3]))).toThrow(/strides or dilations must be 1/)
})
