/** Min pooling against its definition, its gradient against numerical differentiation, on both engines that need no native part. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { minPooling2dLayer } from '../../src/parts/layers/minPooling2d.run.ts'
import { saveModel } from '../../src/runtime/runs/saveModel.ts'
import { loadSaved } from './loadSaved.ts'
import { on, startBackends } from './onBackends.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const [height, width, channels] = [5, 7, 2]
const sizes: [number, number, number, number] = [2, height, width, channels]

/** All values differ by more than the step of the differentiation, and all are above zero: padding with zeros would win. */
function values(sign: 1 | -1): number[] {
  const count = tf.util.sizeFromShape(sizes)
  return Array.from({ length: count }, (_, index) => sign * (1 + ((index * 37) % count) / 10))
}

interface Window {
  readonly poolSize: [number, number]
  readonly strides: [number, number]
  readonly padding: 'valid' | 'same'
}

const windows: readonly Window[] = [
  { poolSize: [2, 2], strides: [2, 2], padding: 'valid' },
  { poolSize: [3, 2], strides: [1, 2], padding: 'valid' },
  { poolSize: [2, 2], strides: [2, 2], padding: 'same' },
  { poolSize: [3, 3], strides: [1, 1], padding: 'same' },
  { poolSize: [3, 3], strides: [2, 3], padding: 'same' },
]

/** The smallest value of each window that lies in the image, by definition. */
function smallest(image: readonly number[], { poolSize, strides, padding }: Window): number[] {
  const axis = (length: number, index: 0 | 1) => {
    const [size, stride] = [poolSize[index], strides[index]]
    const count = padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - size) / stride) + 1
    const before = padding === 'same' ? Math.floor(Math.max(0, (count - 1) * stride + size - length) / 2) : 0
    return Array.from({ length: count }, (_, at) =>
      Array.from({ length: size }, (_item, step) => at * stride - before + step).filter((x) => x >= 0 && x < length),
    )
  }
  const place = (sample: number, y: number, x: number, channel: number) =>
    ((sample * height + y) * width + x) * channels + channel
  return [0, 1].flatMap((sample) =>
    axis(height, 0).flatMap((ys) =>
      axis(width, 1).flatMap((xs) =>
        [0, 1].map((channel) => Math.min(...ys.flatMap((y) => xs.map((x) => image[place(sample, y, x, channel)]!)))),
      ),
    ),
  )
}

const pool = (window: Window, image: tf.Tensor) => minPooling2dLayer(window).apply(image) as tf.Tensor
/** Gives each place of the output a weight of its own. */
const weigh = (output: number[]) => output.reduce((sum, value, index) => sum + value * ((index % 5) + 1), 0)

beforeAll(startBackends)

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  it.each(windows)('%j takes the smallest of each window, and never the padding', async (window) => {
    for (const sign of [1, -1] as const) {
      const [got] = await on(engine, () => pool(window, tf.tensor4d(values(sign), sizes)))
      const want = smallest(values(sign), window)
      expect(got!.values).toHaveLength(want.length)
      for (const [index, value] of want.entries()) expect(got!.values[index]).toBeCloseTo(value, 5)
    }
  })

  it.each(windows)('%j has the gradient of numerical differentiation', async (window) => {
    for (const sign of [1, -1] as const) {
      const image = values(sign)
      const [got] = await on(engine, () =>
        tf.grad((input) => {
          const output = pool(window, input).flatten()
          return output.mul(tf.range(0, output.size).mod(tf.scalar(5)).add(1)).sum()
        })(tf.tensor4d(image, sizes)),
      )
      const step = 0.01
      for (const index of image.keys()) {
        const [above, below] = [step, -step].map((by) => weigh(smallest(image.with(index, image[index]! + by), window)))
        expect(got!.values[index]).toBeCloseTo((above! - below!) / (2 * step), 3)
      }
    }
  })
})

describe('saved', () => {
  const folder = temporaryFolder()

  it('has a name of its own, under which it comes back with its options', async () => {
    await tf.setBackend('cpu')
    const input = tf.input({ shape: sizes.slice(1) })
    const pooled = minPooling2dLayer({ name: 'least', ...windows[4]! }).apply(input) as tf.SymbolicTensor
    const model = tf.model({ inputs: input, outputs: pooled })
    await saveModel(model, folder)
    const loaded = await loadSaved(folder)
    const layer = loaded.getLayer('least')
    expect([layer.getClassName(), layer.getConfig()]).toEqual(['MinPooling2D', model.getLayer('least').getConfig()])
    expect(layer.getConfig()).toMatchObject({ poolSize: [3, 3], strides: [2, 3], padding: 'same' })
    const batch = tf.tensor4d(values(1), sizes)
    const [before, after] = [model, loaded].map((one) => [...(one.predict(batch) as tf.Tensor).dataSync()])
    expect(after).toEqual(before)
  })
})
