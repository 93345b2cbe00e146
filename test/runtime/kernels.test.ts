import * as tf from '@tensorflow/tfjs'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { registerTrainingKernels } from '../../src/runtime/kernels/registerTrainingKernels.ts'
import { expectSame, on, Random, sizeOf, startBackends } from './onBackends.ts'

beforeAll(startBackends)

type Pad = 'same' | 'valid' | [[number, number], [number, number], [number, number], [number, number]]

/** A random convolution: [batch, height, width, channels], with windows that fit. */
function randomWindows(random: Random) {
  const kernel: [number, number] = [random.whole(1, 4), random.whole(1, 4)]
  const dilated = random.uniform() < 0.25
  const dilation: [number, number] = dilated ? [random.whole(1, 3), random.whole(1, 3)] : [1, 1]
  const strides: [number, number] = dilated ? [1, 1] : [random.whole(1, 3), random.whole(1, 3)]
  const reach = kernel.map((size, i) => (size - 1) * dilation[i]! + 1) as [number, number]
  const batch = random.pick([1, 1, 2, 3])
  const height = reach[0] + random.whole(0, 6)
  const width = reach[1] + random.whole(0, 6)
  const channels = random.pick([1, 2, 3, 4, 5, 8, 11, 16, 19])
  const padding = (): [number, number] => [random.whole(0, 2), random.whole(0, 2)]
  const pad = random.pick<Pad>(['same', 'valid', [[0, 0], padding(), padding(), [0, 0]]])
  return { kernel, dilation, strides, pad, shape: [batch, height, width, channels] as [number, number, number, number] }
}

describe('forward, against the cpu backend', { timeout: 60_000 }, () => {
  it('conv2d', async () => {
    const random = new Random(1)
    for (let i = 0; i < 120; i++) {
      const { kernel, dilation, strides, pad, shape } = randomWindows(random)
      const filters = random.pick([1, 2, 3, 7, 8, 9, 16, 20])
      const filterShape: [number, number, number, number] = [...kernel, shape[3], filters]
      const x = random.numbers(sizeOf(shape))
      const filter = random.numbers(sizeOf(filterShape))
      const bias = random.numbers(filters)
      const activation = random.pick(['linear', 'relu', 'elu'] as const)
      const what = JSON.stringify({ shape, filterShape, strides, pad, dilation, activation })
      await expectSame(
        () => [
          tf.conv2d(tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape), strides, pad, 'NHWC', dilation),
          tf.fused.conv2d({
            x: tf.tensor4d(x, shape),
            filter: tf.tensor4d(filter, filterShape),
            strides,
            pad,
            dilations: dilation,
            bias: tf.tensor1d(bias),
            activation,
          }),
        ],
        what,
      )
    }
  })

  it('depthwiseConv2d as tf.layers calls it, which gives null for the dilation', async () => {
    const random = new Random(20)
    const [x, filter] = [random.numbers(2 * 5 * 5 * 3), random.numbers(3 * 3 * 3)]
    const kernelInitializer = () => tf.tensor4d(filter, [3, 3, 3, 1])
    await expectSame(() => {
      const layer = tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false })
      layer.build([null, 5, 5, 3])
      layer.setWeights([kernelInitializer()])
      return [layer.apply(tf.tensor4d(x, [2, 5, 5, 3])) as tf.Tensor]
    }, 'depthwiseConv2d layer')
  })

  it('depthwiseConv2d', async () => {
    const random = new Random(2)
    for (let i = 0; i < 80; i++) {
      const { kernel, dilation, strides, pad, shape } = randomWindows(random)
      const filterShape: [number, number, number, number] = [...kernel, shape[3], random.pick([1, 1, 2, 3])]
      const x = random.numbers(sizeOf(shape))
      const filter = random.numbers(sizeOf(filterShape))
      const bias = random.numbers(shape[3] * filterShape[3])
      const activation = random.pick(['linear', 'relu', 'relu6', 'elu'] as const)
      await expectSame(
        () => [
          tf.depthwiseConv2d(tf.tensor4d(x, shape), tf.tensor4d(filter, filterShape), strides, pad, 'NHWC', dilation),
          tf.fused.depthwiseConv2d({
            x: tf.tensor4d(x, shape),
            filter: tf.tensor4d(filter, filterShape),
            strides,
            // The types leave out explicit padding, which works.
            pad: pad as 'same',
            dilations: dilation,
            bias: tf.tensor1d(bias),
            activation,
          }),
        ],
        JSON.stringify({ shape, filterShape, strides, pad, dilation }),
      )
    }
  })

  it('matMul, transposed, in batches, with bias and activation', async () => {
    const random = new Random(3)
    for (let i = 0; i < 120; i++) {
      const [rows, depth, columns] = [random.whole(1, 20), random.pick([1, 2, 3, 5, 300]), random.whole(1, 40)]
      const [transposeA, transposeB] = [random.uniform() < 0.5, random.uniform() < 0.5]
      const batch = random.pick<[number[], number[]]>([
        [[], []],
        [[2], [2]],
        [[3], [1]],
        [[1], [3]],
        [
          [2, 2],
          [2, 2],
        ],
      ])
      const aShape = [...batch[0], ...(transposeA ? [depth, rows] : [rows, depth])]
      const bShape = [...batch[1], ...(transposeB ? [columns, depth] : [depth, columns])]
      const a = random.numbers(sizeOf(aShape))
      const b = random.numbers(sizeOf(bShape))
      const bias = random.numbers(columns)
      const activation = random.pick(['linear', 'relu', 'sigmoid'] as const)
      const what = JSON.stringify({ aShape, bShape, transposeA, transposeB, activation })
      await expectSame(() => tf.matMul(tf.tensor(a, aShape), tf.tensor(b, bShape), transposeA, transposeB), what)
      if (batch[0].length === 0) {
        await expectSame(
          () =>
            tf.fused.matMul({
              a: tf.tensor(a, aShape),
              b: tf.tensor(b, bShape),
              transposeA,
              transposeB,
              bias: tf.tensor1d(bias),
              activation,
            }),
          `fused ${what}`,
        )
      }
    }
  })

  it('sum, mean and tile, along any axes', async () => {
    const random = new Random(4)
    for (let i = 0; i < 150; i++) {
      const shape = Array.from({ length: random.whole(1, 4) }, () => random.pick([1, 2, 3, 5, 17, 40]))
      const axes = shape.map((_, axis) => axis).filter(() => random.uniform() < 0.5)
      const reps = shape.map(() => random.pick([1, 1, 2, 3]))
      const x = random.numbers(sizeOf(shape))
      const keepDims = random.uniform() < 0.5
      const what = JSON.stringify({ shape, axes, reps, keepDims })
      if (axes.length > 0) {
        await expectSame(() => tf.sum(tf.tensor(x, shape), axes, keepDims), `sum ${what}`)
        await expectSame(() => tf.mean(tf.tensor(x, shape), axes, keepDims), `mean ${what}`)
      }
      if (sizeOf(shape) < 1000) await expectSame(() => tf.tile(tf.tensor(x, shape), reps), `tile ${what}`)
    }
  })

  it('unsortedSegmentSum, with ids that name no segment', async () => {
    const random = new Random(5)
    for (let i = 0; i < 40; i++) {
      const rows = random.whole(1, 30)
      const shape = [rows, ...random.pick([[], [1], [4], [7], [2, 3]])]
      const x = random.numbers(sizeOf(shape))
      const ids = Array.from({ length: rows }, () => random.whole(-1, 6))
      await expectSame(
        () => tf.unsortedSegmentSum(tf.tensor(x, shape), tf.tensor1d(ids, 'int32'), 5),
        JSON.stringify({ shape, ids }),
      )
    }
  })

  it('pooling', async () => {
    const random = new Random(6)
    for (let i = 0; i < 80; i++) {
      const { kernel, strides, pad, shape } = randomWindows(random)
      if (typeof pad !== 'string') continue
      const x = random.numbers(sizeOf(shape))
      await expectSame(
        () => [
          tf.maxPool(tf.tensor4d(x, shape), kernel, strides, pad),
          tf.avgPool(tf.tensor4d(x, shape), kernel, strides, pad),
        ],
        JSON.stringify({ shape, kernel, strides, pad }),
      )
    }
  })

  it('3D pooling and convolution', async () => {
    const random = new Random(7)
    for (let i = 0; i < 20; i++) {
      const shape: [number, number, number, number, number] = [1, 4, 5, 3, 2]
      const filterShape: [number, number, number, number, number] = [2, random.whole(1, 3), 2, 2, 3]
      const strides = random.pick([1, 2])
      const x = random.numbers(sizeOf(shape)).map((value) => value - 1)
      const filter = random.numbers(sizeOf(filterShape))
      await expectSame(
        () => [
          tf.maxPool3d(tf.tensor5d(x, shape), 2, strides, 'same'),
          tf.conv3d(tf.tensor5d(x, shape), tf.tensor5d(filter, filterShape), strides, 'same'),
        ],
        JSON.stringify({ filterShape, strides }),
      )
    }
  })
})

describe('numbers that are not numbers', { timeout: 60_000 }, () => {
  it('reach the outputs that read them, and no others', async () => {
    await expectSame(() => {
      const x = tf.tensor4d([NaN, ...Array(35).fill(1)], [1, 6, 6, 1])
      const filter = tf.ones([3, 3, 1, 10]) as tf.Tensor4D
      return [
        tf.conv2d(x, filter, 1, 'valid'),
        tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', activation: 'relu' }),
        tf.matMul(x.reshape([6, 6]), tf.ones([6, 9])),
        tf.sum(x.reshape([6, 6]), 0),
      ]
    }, 'NaN')
  })

  it('stay what they are within limits and in averages', async () => {
    await expectSame(() => {
      const x = tf.tensor4d([NaN, ...Array(31).fill(1), -9, 9, NaN, 3], [1, 6, 6, 1])
      const flat = x.reshape([36])
      return [
        tf.relu6(x),
        tf.clipByValue(x, -2, 2),
        tf.minimum(2, x),
        tf.maximum(x, tf.tensor([2])),
        tf.minimum(flat, tf.reverse(flat)),
        tf.maximum(tf.range(0, 9), flat.reshape([4, 9])),
        tf.minimum(flat.reshape([36, 1]), flat.reshape([1, 36])),
        tf.avgPool(x, 2, 1, 'same'),
        tf.avgPool(tf.concat([x, x, x, x, x], 3), 3, 2, 'valid'),
      ]
    }, 'NaN')
  })

  it('do not attract the gradient of max pooling', async () => {
    await expectSame(() => {
      const x = tf.tensor4d(
        [NaN, NaN, -Infinity, 2, NaN, NaN, 1, 1].flatMap((v) => [v, v, v, v, v]),
        [1, 2, 4, 5],
      )
      return tf.grad((t: tf.Tensor) => tf.maxPool(t as tf.Tensor4D, 2, 2, 'valid'))(x)
    }, 'NaN')
  })

  it('lets NaN through relu, whatever its sign', async () => {
    await expectSame(() => {
      const signs = new Float32Array(Uint32Array.of(0xffc00000, 0x7fc00000, 0xbf800000, 0x80000000, 0x3f800000).buffer)
      return tf.relu(tf.tensor1d(signs))
    }, 'NaN')
  })
})

describe('the kernels', { timeout: 60_000 }, () => {
  it('are compiled from the source that is there', async () => {
    await promisify(execFile)(process.execPath, ['scripts/buildKernels.mjs', '--check'])
  })

  it('are registered once, and keep the memory flat', async () => {
    await tf.setBackend('wasm')
    const before = tf.getKernel('Conv2D', 'wasm')
    await registerTrainingKernels()
    expect(tf.getKernel('Conv2D', 'wasm')).toBe(before)
    const { numTensors, numBytes } = tf.memory()
    await on('wasm', () =>
      tf.conv2d(tf.ones([2, 30, 30, 8]) as tf.Tensor4D, tf.ones([3, 3, 8, 8]) as tf.Tensor4D, 1, 'same'),
    )
    await on('wasm', () => tf.einsum('ij,jk->ik', tf.ones([3, 4]), tf.ones([4, 5])))
    expect(tf.memory()).toMatchObject({ numTensors, numBytes })
  })

  it('take over from the cpu backend what wasm lacks', async () => {
    await expectSame(() => tf.einsum('ij,jk->ik', tf.ones([3, 4]), tf.ones([4, 5])), 'einsum')
    await expectSame(() => {
      const x = tf.range(0, 32).sin().reshape([1, 4, 4, 2])
      const filter = tf.range(0, 8).cos().reshape([2, 2, 2])
      return tf.grads((a, b) => tf.dilation2d(a as tf.Tensor4D, b as tf.Tensor3D, 1, 'same'))([x, filter])
    }, 'dilation2d')
    await expectSame(() => tf.isNaN(tf.selu(tf.tensor1d([NaN, 1]))), 'bool result')
    await expectSame(() => tf.unsortedSegmentSum(tf.tensor1d([1, 2, 3], 'int32'), [0, 1, 0], 2), 'int32 result')
  })
})
