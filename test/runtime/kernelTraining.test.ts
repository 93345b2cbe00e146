import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { Random, startBackends } from './onBackends.ts'

beforeAll(startBackends)

const glorot = (seed: number) => tf.initializers.glorotUniform({ seed })

/** The MNIST CNN, seeded, and the weights after training on one batch of noise. */
async function trainMnistCnn(backend: 'cpu' | 'wasm', steps: number): Promise<number[][]> {
  await tf.setBackend(backend)
  const conv = { kernelSize: 3, padding: 'same', activation: 'relu' } as const
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ ...conv, filters: 32, kernelInitializer: glorot(1), inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ ...conv, filters: 64, kernelInitializer: glorot(2) }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 10, activation: 'softmax', kernelInitializer: glorot(3) }),
    ],
  })
  const random = new Random(21)
  const images = tf.tensor4d(random.numbers(3 * 784), [3, 28, 28, 1])
  const labels = tf.oneHot(tf.tensor1d([3, 1, 4], 'int32'), 10).toFloat()
  const optimizer = tf.train.sgd(0.01)
  const step = () =>
    tf.tidy(() => {
      optimizer.minimize(() => {
        const predictions = model.apply(images, { training: true }) as tf.Tensor
        return tf.metrics.categoricalCrossentropy(labels, predictions).mean() as tf.Scalar
      })
    })
  step()
  const { numTensors, numBytes } = tf.memory()
  for (let i = 1; i < steps; i++) step()
  expect(tf.memory(), `memory on ${backend}`).toMatchObject({ numTensors, numBytes })
  const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()))
  model.dispose()
  optimizer.dispose()
  tf.dispose([images, labels])
  return weights
}

it(
  'trains the MNIST CNN to the same weights as the cpu backend, within 1e-4, and leaks nothing',
  { timeout: 60_000 },
  async () => {
    const got = await trainMnistCnn('wasm', 2)
    const want = await trainMnistCnn('cpu', 2)
    got.forEach((weights, i) => {
      const worst = Math.max(...weights.map((weight, j) => Math.abs(weight - want[i]![j]!)))
      expect(worst, `weights ${i}`).toBeLessThan(1e-4)
    })
  },
)

it('repeats exactly', { timeout: 60_000 }, async () => {
  expect(await trainMnistCnn('wasm', 3)).toEqual(await trainMnistCnn('wasm', 3))
})
