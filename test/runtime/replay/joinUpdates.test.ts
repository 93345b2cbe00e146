/** An update joins the product that is its gradient exactly where nothing else reads the gradient. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import * as callables from '../../../src/backends/generated/callables.ts'
import { recordKernels } from '../../../src/patches/recordKernels.ts'
import { joinUpdates } from '../../../src/runtime/replay/joinUpdates.ts'
import { RepeatedStep } from '../../../src/runtime/replay/repeatedStep.ts'
import { WeightUpdater } from '../../../src/runtime/training/weightUpdater.ts'
import type { UpdateRule } from '../../../src/script/updateRule.ts'
import { Random, startBackends } from '../onBackends.ts'

const rules = callables as unknown as Readonly<Record<string, (options: object) => UpdateRule>>

beforeAll(async () => {
  await startBackends()
  await tf.setBackend('wasm')
})

/** The operands of a gradient: a layer's inputs, the gradients of its outputs, and its weight. */
type Gradient = (x: tf.Tensor, dy: tf.Tensor, weight: tf.Tensor) => { gradient: tf.Tensor; results?: tf.Tensor[] }

const [inputs, outputs] = [5, 37]

/** Trains a weight [5, 37] for six steps, of which the last three are replayed. */
function train(rule: UpdateRule, samples: number, gradientOf: Gradient) {
  const random = new Random(1)
  const draw = (shape: number[]) => tf.tensor(random.numbers(tf.util.sizeFromShape(shape)), shape)
  const variable = tf.tidy(() => tf.variable(draw([inputs, outputs])))
  const updater = new WeightUpdater(rule, [
    {
      originalName: 'dense/kernel',
      shape: variable.shape,
      read: () => variable,
      write: (value) => void variable.assign(value as tf.Tensor) as never,
    },
  ])
  const compute = ([x, dy, rate]: readonly tf.Tensor[]) =>
    tf.tidy(() => {
      const { gradient, results = [] } = gradientOf(x!, dy!, variable)
      updater.apply([gradient], rate as tf.Scalar)
      return results
    })
  const drawn = () => [draw([samples, inputs]), draw([samples, outputs]), tf.scalar(0.1)]
  const step = new RepeatedStep(compute)
  const seen: tf.TypedArray[] = []
  for (let count = 0; count < 6; count++) {
    const given = drawn()
    const results = step.run(given)
    seen.push(variable.dataSync(), ...results.map((result) => result.dataSync()))
    tf.dispose([given, results])
  }
  const given = drawn()
  const { recording, results } = recordKernels(given, () => compute(given))
  const lasting = new Set([...recording.results, ...recording.assignments.values()].map(({ slot }) => slot))
  const kernels = joinUpdates(recording.calls, lasting).map(({ kernelName }) => kernelName)
  tf.dispose([given, results, ...recording.constants.values(), variable])
  step.dispose()
  updater.dispose()
  return { seen, kernels }
}

/** The same rule on a copy of the gradient, so that nothing is joined. */
function separate(rule: UpdateRule): UpdateRule {
  const treatGradients: UpdateRule['treatGradients'] = (gradients) => gradients.map((one) => one && tf.add(one, 0))
  return { ...rule, treatGradients }
}

const product: Gradient = (x, dy) => ({ gradient: tf.matMul(x, dy, true) })

describe.each([
  ['sgd', {}],
  ['momentum', { useNesterov: true }],
  ['adam', {}],
  ['adamax', {}],
  ['adagrad', {}],
  ['adadelta', {}],
  ['rmsprop', { momentum: 0.3 }],
  ['rmsprop', { centered: true }],
])('%s with %j', (type, options) => {
  it.each([1, 7, 200, 256])('takes the same steps by %d samples, bit for bit', (samples) => {
    const rule = () => rules[type]!({ learningRate: 0.1, ...options })
    const joined = train(rule(), samples, product)
    expect(joined.kernels).toContain('UpdateByProduct')
    expect(joined.kernels).not.toContain('BatchMatMul')
    expect(joined.seen).toEqual(train(separate(rule()), samples, product).seen)
  })
})

const kept: Readonly<Record<string, { gradient: Gradient; samples?: number }>> = {
  'a gradient that is a result too': {
    gradient: (x, dy) => {
      const gradient = tf.matMul(x, dy, true)
      return { gradient, results: [gradient] }
    },
  },
  'a gradient with another reader': {
    gradient: (x, dy) => {
      const gradient = tf.matMul(x, dy, true)
      return { gradient, results: [tf.sum(gradient)] }
    },
  },
  'a sum of two products': {
    gradient: (x, dy) => ({ gradient: tf.add(tf.matMul(x, dy, true), tf.matMul(x, dy, true)) }),
  },
  'a product of the weight itself': {
    gradient: (x, _dy, weight) => ({ gradient: tf.matMul(tf.matMul(x, x, true), weight, true) }),
    samples: inputs,
  },
  'a product of a transposed right matrix': {
    gradient: (x, dy) => ({ gradient: tf.matMul(x, tf.transpose(dy), true, true) }),
  },
  'a product of more samples than are summed at once': { gradient: product, samples: 257 },
}

it.each(Object.entries(kept))('%s stays', (_name, { gradient, samples = 7 }) => {
  const rule = () => rules['sgd']!({ learningRate: 0.1 })
  const { seen, kernels } = train(rule(), samples, gradient)
  expect(kernels).toContain('BatchMatMul')
  expect(kernels).toContain('UpdateBySgd')
  expect(kernels).not.toContain('UpdateByProduct')
  expect(seen).toEqual(train(separate(rule()), samples, gradient).seen)
})
