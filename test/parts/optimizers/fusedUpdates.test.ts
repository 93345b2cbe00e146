/** The optimizers of `train` update each weight by one kernel on the engine wasm, with the bits of their plain formulas. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import * as adadelta from '../../../src/parts/optimizers/adadelta.run.ts'
import * as adagrad from '../../../src/parts/optimizers/adagrad.run.ts'
import * as adam from '../../../src/parts/optimizers/adam.run.ts'
import * as adamax from '../../../src/parts/optimizers/adamax.run.ts'
import * as momentum from '../../../src/parts/optimizers/momentum.run.ts'
import * as rmsprop from '../../../src/parts/optimizers/rmsprop.run.ts'
import * as sgd from '../../../src/parts/optimizers/sgd.run.ts'
import * as callables from '../../../src/backends/generated/callables.ts'
import { updateStep } from '../../../src/runtime/training/batchStep.ts'
import { clipByNorm, decayWeights } from '../../../src/runtime/training/gradientRules.ts'
import { WeightUpdater } from '../../../src/runtime/training/weightUpdater.ts'
import type { UpdateRule } from '../../../src/script/updateRule.ts'
import { Random, startBackends } from '../../runtime/onBackends.ts'

type Rules = Readonly<Record<string, (options: object) => UpdateRule>>
const plain = { ...adadelta, ...adagrad, ...adam, ...adamax, ...momentum, ...rmsprop, ...sgd } as unknown as Rules
const fast = callables as unknown as Rules

beforeAll(async () => {
  await startBackends()
  await tf.setBackend('wasm')
})

const rows: readonly (readonly [type: string, options: object])[] = [
  ['sgd', {}],
  ['momentum', {}],
  ['momentum', { momentum: 0.5, useNesterov: true }],
  ['adam', {}],
  ['adam', { beta1: 0.8, beta2: 0.99, epsilon: 0.1 }],
  ['adamax', {}],
  ['adamax', { beta1: 0.8, beta2: 0.99, epsilon: 0.1, decay: 0.3 }],
  ['adagrad', {}],
  ['adagrad', { initialAccumulatorValue: 2 }],
  ['adadelta', {}],
  ['adadelta', { rho: 0.8, epsilon: 0.01 }],
  ['rmsprop', {}],
  ['rmsprop', { decay: 0.5, momentum: 0.3, epsilon: 0.1 }],
  ['rmsprop', { centered: true }],
  ['rmsprop', { centered: true, momentum: 0.7, epsilon: 0.001 }],
]

/** A count of elements for each remainder of the vectors of four. */
const shapes = [[1], [7], [2, 3], [5, 13], [8, 4], [3, 3, 2, 5]]

/** The weights, slots and shared numbers after each of a few steps, as the bits of their values. */
function descend(rule: UpdateRule, afterStep: (weights: readonly tf.Variable[]) => void = () => {}): Uint32Array[] {
  const random = new Random(3)
  const draw = (shape: readonly number[]) => tf.tensor(random.numbers(tf.util.sizeFromShape([...shape])), [...shape])
  const variables = shapes.map((shape) => tf.tidy(() => tf.variable(draw(shape))))
  const weights = variables.map((variable) => ({
    originalName: 'dense/kernel',
    shape: variable.shape,
    read: () => variable,
    write(value: tf.Tensor) {
      variable.assign(value)
      return this as never
    },
  }))
  const updater = new WeightUpdater(rule, weights)
  // The first step runs, the next two are recorded, the others are replayed.
  const step = updateStep(updater)
  const states = Array.from({ length: 6 }, (_, index) => {
    const inputs = [tf.scalar(0.1 / (index + 1)), ...shapes.map(draw)]
    step.run(inputs)
    tf.dispose(inputs)
    afterStep(variables)
    return [...variables, ...updater.state].map((kept) => new Uint32Array(kept.dataSync().slice().buffer))
  })
  step.dispose()
  updater.dispose()
  tf.dispose(variables)
  return states.flat()
}

describe.each(rows)('%s with %j', (type, options) => {
  const make = (rules: Rules) => rules[type]!({ learningRate: 0.1, ...options })

  it('takes the steps of the plain formula, bit for bit', () => {
    expect(descend(make(fast))).toEqual(descend(make(plain)))
  })

  it('does so with weight decay and clipped gradients', () => {
    const treat = (rule: UpdateRule) => clipByNorm(decayWeights(rule, 0.1), 0.5)
    expect(descend(treat(make(fast)))).toEqual(descend(treat(make(plain))))
  })
})

it('steps stay in the memory of the weights', () => {
  const { getMemoryOffset } = tf.backend() as unknown as { getMemoryOffset: (dataId: object) => number }
  const places: number[][] = []
  descend(fast['adam']!({ learningRate: 0.1 }), (weights) => {
    places.push(weights.map(({ dataId }) => getMemoryOffset.call(tf.backend(), dataId)))
  })
  for (const place of places) expect(place).toEqual(places[0])
})

it('copies of a weight keep their values, and no memory is lost', () => {
  const before = tf.memory().numTensors
  const kept: { readonly copy: tf.Tensor; readonly values: tf.TypedArray }[] = []
  const keep = (weights: readonly tf.Variable[]) => {
    for (const weight of weights) kept.push({ copy: tf.clone(weight), values: weight.dataSync() })
  }
  descend(fast['adam']!({ learningRate: 0.1 }), keep)
  for (const { copy, values } of kept) expect(copy.dataSync()).toEqual(values)
  tf.dispose(kept.map(({ copy }) => copy))
  expect(tf.memory().numTensors).toBe(before)
})
