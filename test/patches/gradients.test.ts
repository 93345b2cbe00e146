/** The gradients that TensorFlow.js lacks or computes wrongly, against numerical differentiation, on each engine. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { EngineInfo } from '../../src/runtime/engines/engineInfo.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { engineStarts } from '../runtime/engineStarts.ts'
import { numericalGradient } from '../runtime/referenceGradients.ts'

interface Row {
  readonly shapes: readonly (readonly number[])[]
  readonly run: (...tensors: tf.Tensor[]) => tf.Tensor
}

const rows: Readonly<Record<string, Row>> = {
  'a dilated convolution': {
    shapes: [
      [2, 5, 6, 2],
      [2, 3, 2, 2],
    ],
    run: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', [2, 3]),
  },
  'a dilated depthwise convolution': {
    shapes: [
      [1, 5, 6, 2],
      [2, 3, 2, 1],
    ],
    run: (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid', 'NHWC', [2, 2]),
  },
  'a transposed 3-d convolution': {
    shapes: [
      [1, 2, 3, 2, 2],
      [2, 2, 3, 1, 2],
    ],
    run: (x, w) => tf.conv3dTranspose(x as tf.Tensor5D, w as tf.Tensor5D, [1, 4, 6, 4, 1], 2, 'same'),
  },
  '3-d max pooling whose window is wider than high': {
    shapes: [[1, 2, 4, 6, 1]],
    run: (x) => tf.maxPool3d(x as tf.Tensor5D, [1, 2, 3], [1, 2, 3], 'valid'),
  },
  'bilinear resizing of two images that are not square': {
    shapes: [[2, 3, 4, 1]],
    run: (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [5, 3]),
  },
  // The stock cpu kernel finds the second image by the size of the first one before it was resized.
  'resizing two images to the nearest': {
    shapes: [[2, 1, 4, 2]],
    run: (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [1, 6]),
  },
  'unstacking a single tensor': { shapes: [[1, 3]], run: (x) => tf.unstack(x)[0]! },
  relu: { shapes: [[3, 4]], run: (x) => tf.relu(x) },
  relu6: { shapes: [[3, 4]], run: (x) => tf.relu6(tf.mul(x, 6)) },
  sigmoid: { shapes: [[3, 4]], run: (x) => tf.sigmoid(x) },
  tanh: { shapes: [[3, 4]], run: (x) => tf.tanh(x) },
  clipping: { shapes: [[3, 4]], run: (x) => tf.clipByValue(x, -0.5, 1) },
}
/** Activations whose gradient is one kernel on some engines, and a kernel that the stock gradient runs. */
const slopes = [
  { name: 'relu', run: tf.relu, kernel: 'ReluGrad', stock: 'Step' },
  { name: 'relu6', run: tf.relu6, kernel: 'Relu6Grad', stock: 'Step' },
  { name: 'sigmoid', run: tf.sigmoid, kernel: 'SigmoidGrad', stock: 'Sub' },
  { name: 'tanh', run: tf.tanh, kernel: 'TanhGrad', stock: 'Square' },
] as const
const engines: readonly EngineInfo['name'][] = ['cpu', 'wasm', 'node']

for (const engine of engines) {
  describe.skipIf(!(await engineStarts(engine)))(`on ${engine}`, () => {
    it.each(Object.entries(rows))('%s', async (_, { shapes, run }) => {
      await startEngine(engine)
      const tensors = shapes.map((shape, index) => tf.randomNormal([...shape], 0, 1, 'float32', index + 1))
      const dy = tf.randomNormal(run(...tensors).shape, 0, 1, 'float32', 9)
      const found = tf.grads((...given) => run(...given))(tensors, dy)
      for (const [index, tensor] of tensors.entries()) {
        const at = (values: readonly number[]) =>
          tensors.map((one, place) => (place === index ? tf.tensor([...values], tensor.shape) : one))
        const wanted = numericalGradient(
          (values) => [...run(...at(values)).dataSync()],
          [...tensor.dataSync()],
          [...dy.dataSync()],
          1e-3,
        )
        expect(found[index]!.shape).toEqual(tensor.shape)
        expect([...found[index]!.dataSync()]).toEqual(wanted.map((value) => expect.closeTo(value, 2)))
      }
    })

    it.each(slopes)('differentiates $name by $kernel where there is one', async ({ run, kernel, stock }) => {
      await startEngine(engine)
      const hasKernel = tf.getKernel(kernel, tf.getBackend()) !== undefined
      expect(hasKernel).toBe(engine === 'node' || (engine === 'wasm' && kernel === 'ReluGrad'))
      const x = tf.tensor1d([-1.5, -0.25, 0.5, 2])
      const { kernelNames } = await tf.profile(() => tf.grad((at) => run(at))(x))
      expect(kernelNames.filter((name) => name === kernel || name === stock)).toEqual([hasKernel ? kernel : stock])
    })

    it('differentiates 3-d max pooling by the largest value, also if another is close', async () => {
      await startEngine(engine)
      const x = tf.tensor5d([0.5, 1 - 2e-6, 1, -1], [1, 1, 2, 2, 1])
      const gradient = tf.grad((at) => tf.maxPool3d(at as tf.Tensor5D, [1, 2, 2], 1, 'valid'))(x)
      expect([...gradient.dataSync()]).toEqual([0, 0, 1, 0])
    })

    it('differentiates clipping by the limits as stock does: a value at a limit counts as inside', async () => {
      await startEngine(engine)
      const x = tf.tensor1d([-2, -1, -0, 0.5, 1, 1.5, Number.NaN])
      const dy = tf.tensor1d([1, 2, 3, 4, 5, 6, 7])
      const gradient = tf.grad((at) => tf.clipByValue(at, -1, 1))(x, dy)
      expect([...gradient.dataSync()]).toEqual([0, 2, 3, 4, 5, 0, 0])
    })
  })
}
