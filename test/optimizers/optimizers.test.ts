/** What optimizers lower to is tf.train's own, with its defaults. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Call } from '../../src/layers/expression.ts'
import { resolveOptions } from '../../src/layers/schema.ts'
import { optimizerTable } from '../../src/optimizers/table.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

function build({ callee, args }: Call): tf.Optimizer {
  const factories = tf.train as unknown as Record<string, (...args: unknown[]) => tf.Optimizer>
  const values = args.map((arg) => (arg.kind === 'literal' ? arg.value : undefined))
  return factories[callee.replace('tf.train.', '')]!(...values)
}

const lower = (type: string, options: object = {}) => {
  const { schema, lower: toCall } = optimizerTable[type]!
  return build(toCall(resolveOptions(schema, options as Record<string, unknown>)))
}

/** With what tf.train gives no default for: a rate, and momentum's own. */
const stock: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.01),
  momentum: () => tf.train.momentum(0.01, 0.9),
  adam: () => tf.train.adam(),
  adamax: () => tf.train.adamax(),
  adagrad: () => tf.train.adagrad(0.01),
  adadelta: () => tf.train.adadelta(),
  rmsprop: () => tf.train.rmsprop(0.001),
}

/** The weights after each of ten steps along gradients that are the same for both. */
function descend(optimizer: tf.Optimizer, gradients: readonly (readonly number[])[]): number[][] {
  const weights = tf.variable(tf.tensor1d(gradients[0]!.map((_, index) => index - 1)))
  const path = gradients.map((gradient) => {
    const tensor = tf.tensor1d([...gradient])
    optimizer.applyGradients({ [weights.name]: tensor })
    tensor.dispose()
    return [...weights.dataSync()]
  })
  weights.dispose()
  optimizer.dispose()
  return path
}

const gradients = Array.from({ length: 10 }, (_, step) => [Math.sin(step), 0.3, -2 / (step + 1), 1e-3 * step])

describe.each(Object.keys(optimizerTable))('%s', (type) => {
  it('has the defaults of tf.train', () => {
    expect(lower(type).getConfig()).toEqual(stock[type]!().getConfig())
    expect(descend(lower(type), gradients)).toEqual(descend(stock[type]!(), gradients))
  })

  it('keeps as many tensors of a weight as it says', () => {
    const { schema, slots } = optimizerTable[type]!
    const variants = type === 'rmsprop' ? [{}, { centered: true }] : [{}]
    for (const options of variants) {
      const optimizer = lower(type, options)
      const weights = tf.variable(tf.ones([1000]))
      const gradient = tf.ones([1000])
      const before = tf.memory().numBytes
      optimizer.applyGradients({ [weights.name]: gradient })
      const kept = (tf.memory().numBytes - before) / 4000
      expect(Math.round(kept)).toBe(slots(resolveOptions(schema, options)))
    }
  })

  it('has rates in order, its own default among them', () => {
    const { rates, schema } = optimizerTable[type]!
    const [from, to] = rates.usual
    const { learningRate } = resolveOptions(schema, {}) as { learningRate: number }
    const ordered = [rates.smallest, from, learningRate, to, rates.largest]
    expect(ordered).toEqual(ordered.toSorted((a, b) => a - b))
  })
})

describe('options', () => {
  const rows: readonly [string, object, () => tf.Optimizer][] = [
    ['momentum', { momentum: 0.5, useNesterov: true }, () => tf.train.momentum(0.01, 0.5, true)],
    ['adam', { beta1: 0.8, beta2: 0.99, epsilon: 0.1 }, () => tf.train.adam(0.001, 0.8, 0.99, 0.1)],
    [
      'adamax',
      { beta1: 0.8, beta2: 0.99, epsilon: 0.1, decay: 0.3 },
      () => tf.train.adamax(0.002, 0.8, 0.99, 0.1, 0.3),
    ],
    ['adagrad', { initialAccumulatorValue: 2 }, () => tf.train.adagrad(0.01, 2)],
    ['adadelta', { rho: 0.5, epsilon: 0.1 }, () => tf.train.adadelta(0.001, 0.5, 0.1)],
    ['rmsprop', { decay: 0.5, momentum: 0.3, epsilon: 0.1 }, () => tf.train.rmsprop(0.001, 0.5, 0.3, 0.1)],
  ]
  it.each(rows)('of %s reach tf.train: %j', (type, options, make) => {
    expect(lower(type, options).getConfig()).toEqual(make().getConfig())
    expect(descend(lower(type, options), gradients)).toEqual(descend(make(), gradients))
  })
})

it('rmsprop, centered, is the formula of TensorFlow, where tf.train takes the root of a negative number', () => {
  const [rate, decay, momentum, epsilon] = [0.01, 0.9, 0.5, 1e-7]
  const still = [0, 1e-5, 0.2]
  const steps = Array.from({ length: 5 }, () => still)
  const [square, average, moment] = [still, still, still].map((values) => values.map(() => 0)) as [
    number[],
    number[],
    number[],
  ]
  const weights = still.map((_, index) => index - 1)
  for (const gradient of steps) {
    for (const [index, g] of gradient.entries()) {
      square[index] = decay * square[index]! + (1 - decay) * g * g
      average[index] = decay * average[index]! + (1 - decay) * g
      const root = Math.sqrt(square[index]! - average[index]! ** 2 + epsilon)
      moment[index] = momentum * moment[index]! + (rate * g) / root
      weights[index]! -= moment[index]!
    }
  }
  const options = { learningRate: rate, decay, momentum, epsilon, centered: true }
  const ours = descend(lower('rmsprop', options), steps).at(-1)!
  for (const [index, weight] of weights.entries()) expect(ours[index]).toBeCloseTo(weight, 4)
  const theirs = descend(tf.train.rmsprop(rate, decay, momentum, epsilon, true), steps).at(-1)!
  expect(theirs.some(Number.isNaN)).toBe(true)
})
