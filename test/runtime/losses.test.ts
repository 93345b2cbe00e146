import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startWasmEngine } from '../../src/runtime/engines/wasmEngine.ts'
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  meanSquaredError,
  sparseCategoricalCrossentropy,
} from '../../src/backends/generated/losses.ts'
import { type Loss } from '../../src/runtime/training/loss.ts'

beforeAll(startWasmEngine)

const { log } = Math

/** What Keras 3 answers, from its documentation or worked out by hand. */
const cases: readonly [Loss, string, number | number[] | number[][], number[][], number][] = [
  [
    categoricalCrossentropy(),
    'class indices',
    [1, 2],
    [
      [0.05, 0.95, 0],
      [0.1, 0.8, 0.1],
    ],
    1.1769392,
  ],
  [
    categoricalCrossentropy(),
    'one-hot',
    [
      [0, 1, 0],
      [0, 0, 1],
    ],
    [
      [0.05, 0.95, 0],
      [0.1, 0.8, 0.1],
    ],
    1.1769392,
  ],
  [categoricalCrossentropy(), 'sums other than 1', [0], [[1, 3]], -log(0.25)],
  [categoricalCrossentropy(), 'a certain miss', [1], [[1, 0]], -log(1e-7)],
  [categoricalCrossentropy(), 'a certain hit', [0], [[1, 0]], 2 ** -23],
  [
    sparseCategoricalCrossentropy(),
    'class indices',
    [1, 2],
    [
      [0.05, 0.95, 0],
      [0.1, 0.8, 0.1],
    ],
    1.1769392,
  ],
  [
    binaryCrossentropy(),
    'two units',
    [
      [0, 1],
      [0, 0],
    ],
    [
      [0.6, 0.4],
      [0.4, 0.6],
    ],
    -(3 * log(0.4) + log(0.6)) / 4,
  ],
  [binaryCrossentropy(), 'one unit', [1, 0], [[0.9], [0.2]], -(log(0.9) + log(0.8)) / 2],
  [binaryCrossentropy(), 'a certain miss', [1], [[0]], -log(1e-7)],
  [binaryCrossentropy(), 'classes on several units', [1], [[0.2, 0.7]], -(log(0.8) + log(0.7)) / 2],
  [
    meanSquaredError(),
    'two units',
    [
      [0, 1],
      [0, 0],
    ],
    [
      [1, 1],
      [1, 0],
    ],
    0.5,
  ],
  [meanSquaredError(), 'one unit', [3, 1], [[1], [1]], 2],
  [meanSquaredError(), 'classes on several units', [1], [[0.5, 0.5]], 0.25],
]

describe('losses', () => {
  it.each(cases.map(([loss, ...rest]) => [loss.name, ...rest, loss] as const))(
    '%s of %s',
    (_loss, _name, labels, predictions, expected, loss) => {
      const value = tf.tidy(() =>
        loss.compute(tf.tensor(labels, undefined, 'int32'), tf.tensor2d(predictions)).dataSync(),
      )
      expect(value).toHaveLength(1)
      expect(value[0]).toBeCloseTo(expected, expected < 1e-6 ? 8 : 5)
    },
  )

  it('leave nothing on the engine', () => {
    const labels = tf.tensor1d([1, 0], 'int32')
    const predictions = tf.tensor2d([
      [0.3, 0.7],
      [0.6, 0.4],
    ])
    const before = tf.memory().numTensors
    for (const [loss] of cases) loss.compute(labels, predictions).dispose()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('have the gradient of softmax and crossentropy together: (p - target) / batch', () => {
    const labels = tf.tensor1d([2, 0], 'int32')
    const logits = tf.tensor2d([
      [0.5, -1, 0.3],
      [2, 0.1, -0.4],
    ])
    const gradient = tf.grad((x) => categoricalCrossentropy().compute(labels, tf.softmax(x)))(logits)
    const expected = tf.div(tf.sub(tf.softmax(logits), tf.oneHot(labels, 3)), 2)
    for (const [index, value] of gradient.dataSync().entries())
      expect(value).toBeCloseTo(expected.dataSync()[index]!, 5)
  })
})
