// Every loss against its textbook formula in float64: its value, and its gradient by numerical differentiation.
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { lossTable } from '../../src/parts/losses/table.ts'
import * as lossFunctions from '../../src/backends/generated/losses.ts'
import { type Loss } from '../../src/runtime/training/loss.ts'
import { expectClose, on, Random, startBackends } from './onBackends.ts'
import { numericalGradient } from './referenceGradients.ts'

beforeAll(startBackends)

type Row = readonly number[]
type Formula = (targets: Row, predictions: Row) => number

const sum = (values: Row) => values.reduce((total, value) => total + value, 0)
const mean = (values: Row) => sum(values) / values.length
const { abs, cosh, exp, hypot, log, max } = Math
/** The mean over the units. */
const each =
  (formula: (target: number, prediction: number) => number): Formula =>
  (targets, predictions) =>
    mean(targets.map((target, unit) => formula(target, predictions[unit]!)))
const sigmoid = (x: number) => 1 / (1 + exp(-x))
const crossentropy: Formula = (t, p) => -sum(t.map((target, unit) => target * log(p[unit]! / sum(p))))
const crossentropyOfLogits: Formula = (t, x) => crossentropy(t, x.map(exp))
const binary = (t: number, p: number) => -t * log(p) - (1 - t) * log(1 - p)

type Values = 'oneHot' | 'bits' | 'sides' | 'positive' | 'any'
interface Case {
  readonly loss: Loss
  readonly targets: Values
  readonly predictions: Values
  readonly formula: Formula
}

const { categoricalCrossentropy, sparseCategoricalCrossentropy, binaryCrossentropy, huberLoss } = lossFunctions
const logits = { fromLogits: true }
const smooth = { labelSmoothing: 0.2 }
const smoothed =
  (formula: Formula): Formula =>
  (targets, predictions) =>
    formula(
      targets.map((target) => target * 0.8 + 0.2 / targets.length),
      predictions,
    )
const huber = (delta: number) => (t: number, p: number) =>
  abs(p - t) <= delta ? (p - t) ** 2 / 2 : delta * (abs(p - t) - delta / 2)

const cases: readonly Case[] = [
  { loss: categoricalCrossentropy(), targets: 'oneHot', predictions: 'positive', formula: crossentropy },
  { loss: sparseCategoricalCrossentropy(), targets: 'oneHot', predictions: 'positive', formula: crossentropy },
  { loss: categoricalCrossentropy(logits), targets: 'oneHot', predictions: 'any', formula: crossentropyOfLogits },
  { loss: sparseCategoricalCrossentropy(logits), targets: 'oneHot', predictions: 'any', formula: crossentropyOfLogits },
  { loss: binaryCrossentropy(), targets: 'bits', predictions: 'positive', formula: each(binary) },
  {
    loss: categoricalCrossentropy(smooth),
    targets: 'oneHot',
    predictions: 'positive',
    formula: smoothed(crossentropy),
  },
  {
    loss: categoricalCrossentropy({ ...smooth, ...logits }),
    targets: 'oneHot',
    predictions: 'any',
    formula: smoothed(crossentropyOfLogits),
  },
  {
    loss: binaryCrossentropy(smooth),
    targets: 'bits',
    predictions: 'positive',
    formula: each((t, p) => binary(t * 0.8 + 0.1, p)),
  },
  {
    loss: binaryCrossentropy(logits),
    targets: 'bits',
    predictions: 'any',
    formula: each((t, x) => binary(t, sigmoid(x))),
  },
  {
    loss: lossFunctions.categoricalHinge(),
    targets: 'oneHot',
    predictions: 'any',
    formula: (t, p) => {
      const own = sum(t.map((target, unit) => target * p[unit]!))
      return max(0, 1 + max(...t.map((target, unit) => (1 - target) * p[unit]!)) - own)
    },
  },
  { loss: lossFunctions.hinge(), targets: 'sides', predictions: 'any', formula: each((t, p) => max(0, 1 - t * p)) },
  {
    loss: lossFunctions.hinge(),
    targets: 'bits',
    predictions: 'any',
    formula: each((t, p) => max(0, 1 - (2 * t - 1) * p)),
  },
  {
    loss: lossFunctions.squaredHinge(),
    targets: 'sides',
    predictions: 'any',
    formula: each((t, p) => max(0, 1 - t * p) ** 2),
  },
  {
    loss: lossFunctions.kullbackLeiblerDivergence(),
    targets: 'positive',
    predictions: 'positive',
    formula: (t, p) => sum(t.map((target, unit) => target * log(target / p[unit]!))),
  },
  {
    loss: lossFunctions.poisson(),
    targets: 'positive',
    predictions: 'positive',
    formula: each((t, p) => p - t * log(p + 1e-7)),
  },
  {
    loss: lossFunctions.meanSquaredError(),
    targets: 'any',
    predictions: 'any',
    formula: each((t, p) => (p - t) ** 2),
  },
  {
    loss: lossFunctions.meanAbsoluteError(),
    targets: 'any',
    predictions: 'any',
    formula: each((t, p) => abs(p - t)),
  },
  {
    loss: lossFunctions.meanAbsolutePercentageError(),
    targets: 'positive',
    predictions: 'any',
    formula: each((t, p) => 100 * abs((t - p) / t)),
  },
  {
    loss: lossFunctions.meanSquaredLogarithmicError(),
    targets: 'positive',
    predictions: 'positive',
    formula: each((t, p) => (log(1 + p) - log(1 + t)) ** 2),
  },
  { loss: lossFunctions.logcosh(), targets: 'any', predictions: 'any', formula: each((t, p) => log(cosh(p - t))) },
  { loss: huberLoss(), targets: 'any', predictions: 'any', formula: each(huber(1)) },
  { loss: huberLoss({ delta: 0.25 }), targets: 'any', predictions: 'any', formula: each(huber(0.25)) },
  {
    loss: lossFunctions.cosineProximity(),
    targets: 'any',
    predictions: 'any',
    formula: (t, p) => -sum(t.map((target, unit) => target * p[unit]!)) / (hypot(...t) * hypot(...p)),
  },
]

const [batch, units] = [3, 4]

function draw(kind: Values, random: Random): number[] {
  const places = Array.from({ length: batch * units }, (_, index) => index)
  switch (kind) {
    case 'oneHot': {
      const classes = Array.from({ length: batch }, () => random.whole(0, units - 1))
      return places.map((index) => (classes[Math.floor(index / units)] === index % units ? 1 : 0))
    }
    case 'bits':
      return places.map(() => random.whole(0, 1))
    case 'sides':
      return places.map(() => 2 * random.whole(0, 1) - 1)
    case 'positive':
      return places.map(() => Math.fround(0.05 + 0.9 * random.uniform()))
    case 'any':
      return places.map(() => Math.fround(4 * random.uniform() - 2))
  }
}

const rows = (values: Row) => Array.from({ length: batch }, (_, row) => values.slice(row * units, (row + 1) * units))

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  it.each(cases.map((one, index) => [one.loss.name, index, one] as const))(
    '%s is its formula, and so is its gradient (%i)',
    async (name, index, { loss, targets, predictions, formula }) => {
      const random = new Random(index + 1)
      for (let round = 0; round < 5; round++) {
        const given = draw(targets, random)
        const answer = draw(predictions, random)
        const value = (at: Row) => [mean(rows(at).map((row, sample) => formula(rows(given)[sample]!, row)))]
        const [got, gradient] = await on(backend, () => {
          const labels = tf.tensor2d(given, [batch, units])
          const graded = tf.valueAndGrad((x: tf.Tensor) => loss.compute(labels, x))(tf.tensor2d(answer, [batch, units]))
          return [graded.value, graded.grad]
        })
        expectClose(got!, { shape: [], values: value(answer) }, name)
        const wanted = numericalGradient(value, answer, [1])
        expectClose(gradient!, { shape: [batch, units], values: wanted }, `gradient of ${name}`, 2e-4)
      }
    },
  )
})

it('leaves out no loss', () => {
  expect(new Set(cases.map(({ loss }) => loss.name))).toEqual(new Set(Object.keys(lossTable)))
})

describe('logits of any size', () => {
  it.each([
    [categoricalCrossentropy(logits), [[1, 0]], [[-500, 500]], 1000, [-1, 1]],
    [categoricalCrossentropy(logits), [[1, 0]], [[500, -500]], 0, [0, 0]],
    [binaryCrossentropy(logits), [[1]], [[-500]], 500, [-1]],
    [binaryCrossentropy(logits), [[0]], [[500]], 500, [1]],
    [binaryCrossentropy(logits), [[1]], [[500]], 0, [0]],
    [binaryCrossentropy(logits), [[1]], [[0]], Math.log(2), [-0.5]],
  ] as const)('%#', async (loss, labels, predictions, wanted, gradient) => {
    for (const backend of ['cpu', 'wasm'] as const) {
      const [value, slope] = await on(backend, () => {
        const targets = tf.tensor2d(labels as unknown as number[][])
        const graded = tf.valueAndGrad((x: tf.Tensor) => loss.compute(targets, x))(
          tf.tensor2d(predictions as unknown as number[][]),
        )
        return [graded.value, graded.grad]
      })
      expect(value!.values[0]).toBeCloseTo(wanted, 4)
      expect(slope!.values.map((one) => one + 0)).toEqual(gradient.map((one) => expect.closeTo(one, 5)))
    }
  })
})

it('differentiates the crossentropy beside its bounds as the engine does by itself', async () => {
  const targets = tf.tensor2d([
    [0, 1, 0],
    [1, 0, 0],
    [0, 0, 1],
    [0.2, 0.3, 0.5],
  ])
  const predictions = tf.tensor2d([
    [0, 1, 0],
    [0, 0.5, 0.5],
    [0.2, 0.1, 0.9],
    [1e-8, 0.4, 0.6],
  ])
  const composed = (p: tf.Tensor): tf.Scalar => {
    const bounded = tf.clipByValue(tf.div(p, tf.sum(p, -1, true)), 1e-7, 1 - 1e-7)
    return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.log(bounded)), -1)))
  }
  const want = tf.valueAndGrad(composed)(predictions)
  const got = tf.valueAndGrad((p: tf.Tensor) => categoricalCrossentropy().compute(targets, p))(predictions)
  expect(got.value.dataSync()).toEqual(want.value.dataSync())
  for (const [index, value] of got.grad.dataSync().entries()) expect(value).toBeCloseTo(want.grad.dataSync()[index]!, 5)
})
