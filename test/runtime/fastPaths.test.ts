/** The ways of kernels that only some sizes take compute what the cpu backend computes, within rounding. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, it } from 'vitest'
import { expectSame, Random, sizeOf, startBackends } from './onBackends.ts'

beforeAll(startBackends)

type Shape4 = [number, number, number, number]

it.each([
  { batch: 1, height: 4, width: 8, channels: 16, filters: 16, pad: 'same', of: 'long tiles only' },
  { batch: 3, height: 2, width: 2, channels: 16, filters: 24, pad: 'same', of: 'short tiles only' },
  { batch: 3, height: 14, width: 9, channels: 24, filters: 16, pad: 'same', of: 'short tiles of two and one' },
  { batch: 2, height: 7, width: 2, channels: 16, filters: 40, pad: 'same', of: 'long tiles that exceed the output' },
  { batch: 5, height: 12, width: 15, channels: 16, filters: 16, pad: 'valid', of: 'more tiles than one chunk' },
] as const)('conv2d and its gradients in Winograd tiles: $of', async (sizes) => {
  const { batch, height, width, channels, filters, pad } = sizes
  const random = new Random(5)
  const [shape, filterShape]: [Shape4, Shape4] = [
    [batch, height, width, channels],
    [3, 3, channels, filters],
  ]
  const x = random.numbers(sizeOf(shape))
  const filter = random.numbers(sizeOf(filterShape))
  const bias = random.numbers(filters)
  await expectSame(() => {
    const inputs = [tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape)] as const
    const options = { strides: 1, pad, bias: tf.tensor1d(bias), activation: 'relu' } as const
    const y = tf.fused.conv2d({ x: inputs[0], filter: inputs[1], ...options })
    // Different weights for all outputs.
    const dy = tf.sin(tf.range(0, y.size)).reshape(y.shape)
    const convolve = (a: tf.Tensor, b: tf.Tensor) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, pad)
    return [y, ...tf.grads(convolve)([...inputs], dy)]
  }, JSON.stringify(sizes))
})

it.each<{ shape: Shape4; of: string }>([
  { shape: [2, 4, 6, 4], of: 'windows that cover the input' },
  { shape: [2, 5, 7, 8], of: 'a line and a column outside all windows' },
  { shape: [3, 2, 3, 12], of: 'one window' },
])('gradient of max pooling by 2 x 2: $of', async ({ shape }) => {
  const random = new Random(6)
  // Some windows have equal largest values, and some only NaN or -Infinity.
  const values = random.numbers(sizeOf(shape)).map((value) => random.pick([Math.round(value * 2), -Infinity, NaN]))
  await expectSame(() => {
    const x = tf.tensor4d(values, shape)
    const pool = (a: tf.Tensor) => tf.maxPool(a as tf.Tensor4D, 2, 2, 'valid')
    const { shape: outShape, size } = tf.maxPool(x, 2, 2, 'valid')
    return tf.grad(pool)(x, tf.range(1, size + 1).reshape(outShape))
  }, JSON.stringify(shape))
})
