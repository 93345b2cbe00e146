/** What optimizers lower to takes the steps of tf.train's own, bit for bit, with its defaults, and those of Keras. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { reference, type Call } from '../../../src/language/expression.ts'
import { evaluateExpression } from '../../../src/backends/interpret/evaluateExpression.ts'
import { lookUp, resolveOptions } from '../../../src/language/schema.ts'
import { optimizerTable } from '../../../src/parts/optimizers/table.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { adadelta } from '../../../src/parts/optimizers/adadelta.run.ts'
import { adagrad } from '../../../src/parts/optimizers/adagrad.run.ts'
import { adam } from '../../../src/parts/optimizers/adam.run.ts'
import { adamax } from '../../../src/parts/optimizers/adamax.run.ts'
import { momentum } from '../../../src/parts/optimizers/momentum.run.ts'
import { rmsprop } from '../../../src/parts/optimizers/rmsprop.run.ts'
import { sgd } from '../../../src/parts/optimizers/sgd.run.ts'
import type { UpdateRule } from '../../../src/script/updateRule.ts'
import { WeightUpdater } from '../../../src/runtime/training/weightUpdater.ts'
import { engineStarts } from '../../runtime/engineStarts.ts'

const rules = { sgd, momentum, adam, adamax, adagrad, adadelta, rmsprop } as unknown as Readonly<
  Record<string, (...args: unknown[]) => UpdateRule>
>
const stock = tf.train as unknown as Readonly<Record<string, (...args: unknown[]) => tf.Optimizer>>

function build(call: Call, learningRate: number): UpdateRule {
  return evaluateExpression(call, { seed: 0, learningRate }, (name) => rules[name]!) as UpdateRule
}

const lower = (type: string, options: object = {}) => {
  const { schema, lower: toCall } = lookUp(optimizerTable, type)
  const resolved = resolveOptions(schema, options as Record<string, unknown>)
  return build(toCall({ ...resolved, learningRate: reference('learningRate') }), resolved['learningRate'] as number)
}

const weightOf = (variable: tf.Variable) => ({
  originalName: 'dense/kernel',
  shape: variable.shape,
  read: () => variable,
  write(value: tf.Tensor) {
    variable.assign(value)
    return this as never
  },
})

/** The weights after each step along gradients. */
function descend(
  optimizer: UpdateRule | tf.Optimizer,
  gradients: readonly (readonly number[])[],
  start: readonly number[] = gradients[0]!.map((_, index) => index - 1),
): number[][] {
  const weights = tf.variable(tf.tensor1d([...start]))
  const updater = optimizer instanceof tf.Optimizer ? undefined : new WeightUpdater(optimizer, [weightOf(weights)])
  const path = gradients.map((gradient) => {
    const tensor = tf.tensor1d([...gradient])
    const rate = tf.scalar('learningRate' in optimizer ? (optimizer.learningRate as number) : 0)
    if (optimizer instanceof tf.Optimizer) optimizer.applyGradients({ [weights.name]: tensor })
    else updater!.apply([tensor], rate)
    tf.dispose([tensor, rate])
    return [...weights.dataSync()]
  })
  weights.dispose()
  updater?.dispose()
  return path
}

const gradients = Array.from({ length: 20 }, (_, step) => [Math.sin(step), 0.3, -2 / (step + 1), 1e-3 * step])

describe.each(Object.keys(optimizerTable))('%s', (type) => {
  it('keeps as many tensors of a weight as it says', () => {
    const { schema, slots } = optimizerTable[type]!
    const variants = type === 'rmsprop' ? [{}, { centered: true }] : [{}]
    for (const options of variants) {
      expect(lower(type, options).slots).toHaveLength(slots(resolveOptions(schema, options)))
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

/** Options, and the arguments of tf.train that mean the same: those that it has no default for come first. */
const rows: readonly [type: string, options: object, stock: readonly unknown[]][] = [
  ['sgd', {}, [0.01]],
  ['momentum', {}, [0.01, 0.9]],
  ['momentum', { momentum: 0.5, useNesterov: true }, [0.01, 0.5, true]],
  ['adam', {}, []],
  ['adam', { learningRate: 0.3, beta1: 0.8, beta2: 0.99, epsilon: 0.1 }, [0.3, 0.8, 0.99, 0.1]],
  ['adamax', {}, []],
  ['adamax', { beta1: 0.8, beta2: 0.99, epsilon: 0.1, decay: 0.3 }, [0.002, 0.8, 0.99, 0.1, 0.3]],
  ['adagrad', {}, [0.01]],
  ['adagrad', { initialAccumulatorValue: 2 }, [0.01, 2]],
  ['rmsprop', {}, [0.001]],
  ['rmsprop', { decay: 0.5, momentum: 0.3, epsilon: 0.1 }, [0.001, 0.5, 0.3, 0.1]],
]

describe.each(['cpu', 'wasm', 'node'] as const)('on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  it.skipIf(!works).each(rows)('%s with %j takes the steps of tf.train', async (type, options, args) => {
    await startEngine(engine)
    expect(descend(lower(type, options), gradients)).toEqual(descend(stock[type]!(...args), gradients))
  })
})

/** Those of Keras 3.15: its class, the weights after the first of twenty steps along `kerasGradients`, and after the last. */
const kerasRows: readonly [type: string, options: object, first: readonly number[], last: readonly number[]][] = [
  ['sgd', {}, [1.05, -1.999995, 0.2], [1, -2.00009, -3.125]],
  ['momentum', {}, [1.05, -1.999995, 0.2], [1.19682, -2.000542, -24.650303]],
  ['momentum', { momentum: 0.8, useNesterov: true }, [1.09, -1.999991, -0.04], [1.077723, -2.000382, -15.89187]],
  // The second of adam is by the paper's formula and PyTorch's: Keras adds epsilon before the correction.
  ['adam', {}, [1.099999, -1.9002, 0.400001], [1.217106, -2.793359, -1.322107]],
  ['adamax', { beta1: 0.85, beta2: 0.99 }, [1.1, -1.9002, 0.4], [1.163808, -2.473054, -1.084301]],
  ['adagrad', {}, [1.084515, -1.999984, 0.400551], [1.032281, -2.000285, -0.099852]],
  ['adagrad', { initialAccumulatorValue: 0.5 }, [1.057735, -1.999993, 0.402667], [1.015947, -2.000127, -0.095042]],
  ['adadelta', { learningRate: 1 }, [1.001414, -1.99995, 0.498586], [0.99995, -2.000896, 0.480839]],
  [
    'adadelta',
    { learningRate: 0.5, rho: 0.9, epsilon: 1e-3 },
    [1.049029, -1.999975, 0.450028],
    [0.996474, -2.000451, -0.218775],
  ],
  ['rmsprop', {}, [1.316227, -1.984208, 0.183772], [1.1022, -2.276441, -1.781281]],
  [
    'rmsprop',
    { decay: 0.8, momentum: 0.7, epsilon: 1e-3 },
    [1.221404, -1.999842, 0.276455],
    [1.311424, -2.008494, -5.505714],
  ],
  ['rmsprop', { centered: true, epsilon: 1e-3 }, [1.326164, -1.999842, 0.166872], [1.116902, -2.002847, -2.834943]],
]
const kerasGradients = Array.from({ length: 20 }, (_, step) => [
  (((step * 7) % 5) - 2) / 4,
  1e-4 * ((step % 3) - 0.5),
  3 - step / 8,
])

describe.each(['cpu', 'wasm', 'node'] as const)('on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  it.skipIf(!works).each(kerasRows)('%s with %j takes the steps of Keras', async (type, options, first, last) => {
    await startEngine(engine)
    const path = descend(lower(type, { learningRate: 0.1, ...options }), kerasGradients, [1, -2, 0.5])
    const close = (weights: readonly number[]) => weights.map((weight) => expect.closeTo(weight, 4))
    expect([path.at(0), path.at(-1)]).toEqual([close(first), close(last)])
  })
})

it('rmsprop, centered, is the formula of TensorFlow, where tf.train takes the root of a negative number', () => {
  const [rate, decay, momentumRate, epsilon] = [0.01, 0.9, 0.5, 1e-7]
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
      moment[index] = momentumRate * moment[index]! + (rate * g) / root
      weights[index]! -= moment[index]!
    }
  }
  const options = { learningRate: rate, decay, momentum: momentumRate, epsilon, centered: true }
  const ours = descend(lower('rmsprop', options), steps).at(-1)!
  for (const [index, weight] of weights.entries()) expect(ours[index]).toBeCloseTo(weight, 4)
  const theirs = descend(tf.train.rmsprop(rate, decay, momentumRate, epsilon, true), steps).at(-1)!
  expect(theirs.some(Number.isNaN)).toBe(true)
})
