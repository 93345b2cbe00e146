import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, it } from 'vitest'
import { expectClose, expectSame, on, Random, sizeOf, startBackends } from './onBackends.ts'
import {
  numericalGradient,
  randomLayer,
  referenceConvolution,
  referenceDepthwise,
  referencePooling,
  windowAxis,
  type Axis,
} from './referenceGradients.ts'

beforeAll(startBackends)

type Shape4 = [number, number, number, number]
type Pad = 'same' | 'valid' | [[number, number], [number, number], [number, number], [number, number]]

describe('gradients, against numerical differentiation', { timeout: 60_000 }, () => {
  for (const dilated of [false, true]) {
    it(`conv2d${dilated ? ', dilated' : ''}`, async () => {
      const random = new Random(dilated ? 11 : 10)
      for (let i = 0; i < 25; i++) {
        const layer = randomLayer(random, { dilated })
        const { batch, channels, y, x, pad, strides, dilations, shape, what } = layer
        const filters = random.pick([1, 3, 9])
        const filterShape: Shape4 = [y.kernel, x.kernel, channels, filters]
        const outShape: Shape4 = [batch, y.out, x.out, filters]
        const input = random.numbers(sizeOf(shape))
        const filter = random.numbers(sizeOf(filterShape))
        const dy = random.numbers(sizeOf(outShape))
        const [dx, dFilter] = await on('wasm', () =>
          tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, 'NHWC', dilations))(
            [tf.tensor4d(input, shape), tf.tensor4d(filter, filterShape)],
            tf.tensor4d(dy, outShape),
          ),
        )
        const sizes = { ...layer, filters }
        const wantX = numericalGradient((at) => referenceConvolution(at, filter, sizes), input, dy)
        const wantFilter = numericalGradient((at) => referenceConvolution(input, at, sizes), filter, dy)
        expectClose(dx!, { shape, values: wantX }, `dx of ${what}`)
        expectClose(dFilter!, { shape: filterShape, values: wantFilter }, `dFilter of ${what}`)
      }
    })

    it(`depthwiseConv2d${dilated ? ', dilated' : ''}`, async () => {
      const random = new Random(dilated ? 13 : 12)
      for (let i = 0; i < 25; i++) {
        const layer = randomLayer(random, { dilated })
        const { batch, channels, y, x, pad, strides, dilations, shape, what } = layer
        const multiplier = random.pick([1, 2])
        const filterShape: Shape4 = [y.kernel, x.kernel, channels, multiplier]
        const outShape: Shape4 = [batch, y.out, x.out, channels * multiplier]
        const input = random.numbers(sizeOf(shape))
        const filter = random.numbers(sizeOf(filterShape))
        const dy = random.numbers(sizeOf(outShape))
        const [dx, dFilter] = await on('wasm', () =>
          tf.grads((a, b) => tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad, 'NHWC', dilations))(
            [tf.tensor4d(input, shape), tf.tensor4d(filter, filterShape)],
            tf.tensor4d(dy, outShape),
          ),
        )
        const sizes = { ...layer, multiplier }
        const wantX = numericalGradient((at) => referenceDepthwise(at, filter, sizes), input, dy)
        const wantFilter = numericalGradient((at) => referenceDepthwise(input, at, sizes), filter, dy)
        expectClose(dx!, { shape, values: wantX }, `dx of ${what}`)
        expectClose(dFilter!, { shape: filterShape, values: wantFilter }, `dFilter of ${what}`)
      }
    })
  }

  for (const kind of ['max', 'average'] as const) {
    it(`${kind} pooling`, async () => {
      const random = new Random(kind === 'max' ? 14 : 15)
      for (let i = 0; i < 40; i++) {
        const layer = randomLayer(random, { dilated: false })
        const { batch, channels, y, x, pad, strides, shape, what } = layer
        const outShape: Shape4 = [batch, y.out, x.out, channels]
        const input = random.numbers(sizeOf(shape))
        const dy = random.numbers(sizeOf(outShape))
        const pool = kind === 'max' ? tf.maxPool : tf.avgPool
        const [dx] = await on('wasm', () =>
          tf.grad((a) => pool(a as tf.Tensor4D, [y.kernel, x.kernel], strides, pad))(
            tf.tensor4d(input, shape),
            tf.tensor4d(dy, outShape),
          ),
        )
        const want = numericalGradient((at) => referencePooling(at, kind, layer), input, dy)
        expectClose(dx!, { shape, values: want }, what)
      }
    })
  }

  it('3D average pooling, whose stock gradient forgets that padding does not count', async () => {
    const shape: [number, number, number, number, number] = [1, 3, 3, 5, 2]
    for (const strides of [1, 2]) {
      const input = new Random(23).numbers(sizeOf(shape))
      const pool = (at: tf.Tensor) => tf.avgPool3d(at as tf.Tensor5D, 2, strides, 'same').sum()
      const [dx] = await on('wasm', () => tf.grad(pool)(tf.tensor5d(input, shape)))
      // The sum of averages: each value counts once for each of its windows, divided by the window's size.
      const axes = shape.slice(1, 4).map((size) => windowAxis(size, 2, strides, 1, 'same'))
      const share = (place: number, { out, size }: Axis) =>
        Array.from({ length: out }, (_, i) => i * strides)
          .filter((start) => place >= start && place < start + 2)
          .reduce((sum, start) => sum + 1 / Math.min(2, size - start), 0)
      const values = input.map((_, i) => {
        const places = [Math.floor(i / 30) % 3, Math.floor(i / 10) % 3, Math.floor(i / 2) % 5]
        return places.reduce((product, place, axis) => product * share(place, axes[axis]!), 1)
      })
      expectClose(dx!, { shape, values }, `strides ${strides}`)
    }
  })

  it('resizing, where the cpu backend is wrong', async () => {
    const shape: Shape4 = [2, 3, 4, 2]
    const x = new Random(24).numbers(sizeOf(shape))
    for (const method of ['resizeNearestNeighbor', 'resizeBilinear'] as const) {
      const resize = (at: tf.Tensor) =>
        tf.image[method](at as tf.Tensor4D, [6, 8])
          .square()
          .sum()
      const [dx] = await on('wasm', () => tf.grad(resize)(tf.tensor4d(x, shape)))
      const differences = await on('wasm', () =>
        tf.stack(
          x.map((_, i) => {
            const step = tf.oneHot(tf.scalar(i, 'int32'), x.length).mul(0.05).reshape(shape)
            const at = tf.tensor4d(x, shape)
            return resize(at.add(step))
              .sub(resize(at.sub(step)))
              .div(0.1)
          }),
        ),
      )
      expectClose(dx!, { shape, values: differences[0]!.values }, method, 1e-2)
    }
  })
})

describe('gradients, against the cpu backend', { timeout: 60_000 }, () => {
  it('larger convolutions, with channels of every remainder', async () => {
    const random = new Random(16)
    for (let i = 0; i < 25; i++) {
      const pad = random.pick(['same', 'valid'] as const)
      const stride = random.pick([1, 1, 2, 3])
      const kernel = random.pick([1, 3, 5])
      const shape: Shape4 = [random.whole(1, 4), random.whole(7, 14), random.whole(7, 14), random.whole(1, 21)]
      const filterShape: Shape4 = [kernel, kernel, shape[3], random.whole(1, 21)]
      const input = random.numbers(sizeOf(shape))
      const filter = random.numbers(sizeOf(filterShape))
      await expectSame(
        () =>
          tf.grads((a, b) =>
            tf
              .conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad)
              .square()
              .mean(),
          )([tf.tensor4d(input, shape), tf.tensor4d(filter, filterShape)]),
        JSON.stringify({ shape, filterShape, stride, pad }),
      )
    }
  })

  const strided: { shape: Shape4; filter: [number, number]; strides: [number, number]; pad: Pad }[] = [
    { shape: [2, 7, 6, 3], filter: [3, 3], strides: [2, 2], pad: 'same' },
    { shape: [2, 6, 7, 17], filter: [3, 3], strides: [2, 2], pad: 'valid' },
    { shape: [2, 6, 7, 8], filter: [1, 1], strides: [2, 2], pad: 'same' },
    { shape: [1, 8, 9, 4], filter: [2, 3], strides: [3, 1], pad: 'valid' },
    { shape: [1, 9, 8, 4], filter: [3, 2], strides: [1, 3], pad: 'same' },
    { shape: [1, 8, 8, 5], filter: [7, 5], strides: [2, 3], pad: 'same' },
    { shape: [1, 8, 8, 5], filter: [4, 4], strides: [4, 4], pad: 'valid' },
    {
      shape: [2, 5, 5, 2],
      filter: [3, 3],
      strides: [2, 2],
      pad: [
        [0, 0],
        [3, 0],
        [1, 4],
        [0, 0],
      ],
    },
    { shape: [2, 2, 1, 2], filter: [3, 3], strides: [3, 3], pad: 'same' },
  ]
  for (const { shape, filter, strides, pad } of strided) {
    it(`conv2d with strides: ${JSON.stringify({ shape, filter, strides, pad })}`, async () => {
      const random = new Random(23)
      const filterShape: Shape4 = [...filter, shape[3], 9]
      const [input, weights] = [random.numbers(sizeOf(shape)), random.numbers(sizeOf(filterShape))]
      await expectSame(() => {
        const loss = (x: tf.Tensor) =>
          tf.conv2d(x as tf.Tensor4D, tf.tensor4d(weights, filterShape), strides, pad).square()
        return tf.grad(loss)(tf.tensor4d(input, shape))
      }, 'dx')
    })
  }

  it('3 x 3 convolutions of many channels, which are computed in tiles of 2 x 2 outputs', async () => {
    const random = new Random(22)
    for (let i = 0; i < 12; i++) {
      const pad = random.pick<'same' | 'valid' | number>(['same', 'valid', 2])
      const shape: Shape4 = [random.whole(1, 3), random.whole(3, 9), random.whole(3, 9), random.pick([16, 24])]
      const filterShape: Shape4 = [3, 3, shape[3], random.pick([16, 24])]
      const input = random.numbers(sizeOf(shape))
      const filter = random.numbers(sizeOf(filterShape))
      const bias = random.numbers(filterShape[3])
      await expectSame(() => {
        const [x, w] = [tf.tensor4d(input, shape), tf.tensor4d(filter, filterShape)]
        return [
          tf.fused.conv2d({ x, filter: w, strides: 1, pad, bias: tf.tensor1d(bias), activation: 'relu' }),
          ...tf.grads((a, b) =>
            tf
              .conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, pad)
              .square()
              .mean(),
          )([x, w]),
        ]
      }, JSON.stringify({ shape, filterShape, pad }))
    }
  })

  it('relu, also twice differentiated', async () => {
    const x = new Random(17).numbers(23)
    const relu = tf.grad((a: tf.Tensor) => tf.relu(a).square())
    await expectSame(() => [relu(tf.tensor1d([...x, 0])), tf.grad((a: tf.Tensor) => relu(a))(tf.tensor1d(x))], 'relu')
  })

  it('matMul, bias and broadcasting', async () => {
    const random = new Random(18)
    for (let i = 0; i < 20; i++) {
      const [rows, depth, columns] = [random.whole(1, 30), random.whole(1, 30), random.whole(1, 30)]
      const a = random.numbers(rows * depth)
      const b = random.numbers(depth * columns)
      const bias = random.numbers(columns)
      await expectSame(
        () =>
          tf.grads((m, n, o) => tf.matMul(m, n).add(o).mul(o).sub(o).relu().square().mean())([
            tf.tensor2d(a, [rows, depth]),
            tf.tensor2d(b, [depth, columns]),
            tf.tensor1d(bias),
          ]),
        JSON.stringify({ rows, depth, columns }),
      )
    }
  })

  it('gather and batch normalization', async () => {
    const random = new Random(19)
    const x = random.numbers(2 * 5 * 5 * 6)
    await expectSame(
      () => [
        tf.grad((a: tf.Tensor) => tf.gather(a, tf.tensor1d([0, 1, 1, 0, 1], 'int32')).square())(
          tf.tensor4d(x, [2, 5, 5, 6]),
        ),
        tf.grad((a: tf.Tensor) => {
          const { mean, variance } = tf.moments(a, [0, 1, 2])
          const [offset, scale] = [tf.range(0, 6), tf.range(1, 7)]
          const normal = tf.batchNorm(a as tf.Tensor4D, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale)
          return normal.pow(tf.scalar(3)).sum()
        })(tf.tensor4d(x, [2, 5, 5, 6])),
      ],
      'gather and batch normalization',
      1e-3,
    )
  })

  it('3D convolution and pooling', async () => {
    const random = new Random(20)
    for (const stride of [1, 2]) {
      const shape: [number, number, number, number, number] = [2, 4, 5, 3, 2]
      const filterShape: [number, number, number, number, number] = [2, 3, 2, 2, 3]
      const x = random.numbers(sizeOf(shape)).map((value) => value - 1)
      const filter = random.numbers(sizeOf(filterShape))
      await expectSame(
        () => [
          ...tf.grads((a, b) =>
            tf
              .conv3d(a as tf.Tensor5D, b as tf.Tensor5D, stride, 'same')
              .square()
              .mean(),
          )([tf.tensor5d(x, shape), tf.tensor5d(filter, filterShape)]),
          tf.grad((a: tf.Tensor) =>
            tf
              .maxPool3d(a as tf.Tensor5D, 2, stride, 'same')
              .square()
              .mean(),
          )(tf.tensor5d(x, shape)),
        ],
        `stride ${stride}`,
      )
    }
  })
})
