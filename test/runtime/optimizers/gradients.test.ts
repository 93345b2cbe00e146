/** What is done to gradients and weights around an optimizer, by hand-computed numbers. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { layerTable } from '../../../src/parts/layers/table.ts'
import { startCpuEngine } from '../../../src/runtime/engines/cpuEngine.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import {
  accumulateGradients,
  clipByNorm,
  clipByValue,
  decayWeights,
} from '../../../src/runtime/training/gradientRules.ts'
import { adam } from '../../../src/parts/optimizers/adam.run.ts'
import { momentum } from '../../../src/parts/optimizers/momentum.run.ts'
import { sgd } from '../../../src/parts/optimizers/sgd.run.ts'
import type { UpdateRule } from '../../../src/script/updateRule.ts'
import { WeightUpdater } from '../../../src/runtime/training/weightUpdater.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../../src/runtime/training/trainingLoop.ts'
import { engineStarts } from '../engineStarts.ts'
import { denseModel, tinyData, tinyExperiment } from '../tinyExperiment.ts'

beforeAll(startCpuEngine)

/** The weights, 1 everywhere at first, after one step. */
function stepFromOnes(rule: UpdateRule, gradients: readonly (readonly number[] | undefined)[], name = 'a/kernel') {
  return tf.tidy(() => {
    const variables = gradients.map((gradient) => tf.variable(tf.ones([gradient?.length ?? 1])))
    const weights = variables.map((variable) => ({
      originalName: name,
      shape: variable.shape,
      read: () => variable,
      write(value: tf.Tensor) {
        variable.assign(value)
        return undefined as never
      },
    }))
    const updater = new WeightUpdater(rule, weights)
    updater.apply(
      gradients.map((gradient) => gradient && tf.tensor1d([...gradient])),
      tf.scalar(rule.learningRate),
    )
    return variables.map((variable) => [...variable.dataSync()])
  })
}

describe('clipByNorm', () => {
  it('makes all gradients smaller by one factor', () => {
    // The norm of 3, 0 and 4 is 5: clipped to 1, they are 0.6, 0 and 0.8.
    const [first, second] = stepFromOnes(clipByNorm(sgd({ learningRate: 1 }), 1), [[3, 0], [4]])
    for (const [got, want] of [
      [first![0], 0.4],
      [first![1], 1],
      [second![0], 0.2],
    ] as const)
      expect(got).toBeCloseTo(want, 6)
  })

  it('leaves gradients within the norm what they are, and none what it is', () => {
    const gradients = [[0.3, 0.1], undefined, [0.7]]
    expect(stepFromOnes(clipByNorm(sgd({ learningRate: 1 }), 3), gradients)).toEqual(
      stepFromOnes(sgd({ learningRate: 1 }), gradients),
    )
    expect(stepFromOnes(clipByNorm(sgd({ learningRate: 1 }), 1), [[0, 0]])).toEqual([[1, 1]])
  })
})

it('clipByValue clips each number, before clipByNorm around it', () => {
  expect(stepFromOnes(clipByValue(sgd({ learningRate: 1 }), 0.5), [[3, 0.25, -7], undefined])).toEqual([
    [0.5, 0.75, 1.5],
    [1],
  ])
  const [[weight]] = stepFromOnes(clipByNorm(clipByValue(sgd({ learningRate: 1 }), 4), 1), [[3, 400]]) as [[number]]
  expect(weight).toBeCloseTo(1 - 3 / 5, 6)
})

describe('decayWeights', () => {
  it('takes learning rate times decay off a kernel, whatever the gradient', () => {
    expect(stepFromOnes(decayWeights(sgd({ learningRate: 0.5 }), 0.25), [[0]])).toEqual([[0.875]])
    expect(stepFromOnes(decayWeights(sgd({ learningRate: 0.5 }), 0.25), [[1]])).toEqual([[0.375]])
    // Adam's first step is as long as the learning rate; the decay comes to it, and is not scaled with it.
    const [[weight]] = stepFromOnes(decayWeights(adam({ learningRate: 0.5 }), 0.25), [[1e3]]) as [[number]]
    expect(weight).toBeCloseTo(0.375, 4)
  })

  it('leaves biases and normalization alone', () => {
    for (const name of ['dense/bias', 'norm/gamma', 'norm/beta', 'prelu/alpha']) {
      expect(stepFromOnes(decayWeights(sgd({ learningRate: 0.5 }), 0.25), [[1]], name)).toEqual([[0.5]])
    }
  })

  it('knows the names of all weights that layers have', () => {
    const names = new Set<string>()
    const model = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [8, 8, 2], filters: 2, kernelSize: 2 }),
        tf.layers.depthwiseConv2d({ kernelSize: 2 }),
        tf.layers.separableConv2d({ filters: 2, kernelSize: 2 }),
        tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2 }),
        tf.layers.prelu(),
        tf.layers.batchNormalization(),
        tf.layers.reshape({ targetShape: [7, 14] }),
        tf.layers.layerNormalization(),
        tf.layers.bidirectional({
          layer: tf.layers.gru({ units: 2, returnSequences: true }) as tf.RNN,
          mergeMode: 'sum',
        }),
        tf.layers.lstm({ units: 2 }),
        tf.layers.dense({ units: 2 }),
      ],
    })
    for (const { originalName } of model.trainableWeights) names.add(originalName.replace(/^.*\//, ''))
    const decayed = [...names].filter((name) => /(kernel|embeddings)$/.test(name)).toSorted()
    expect(decayed).toEqual(['depthwise_kernel', 'kernel', 'pointwise_kernel', 'recurrent_kernel'])
    expect([...names].filter((name) => !decayed.includes(name)).toSorted()).toEqual(['alpha', 'beta', 'bias', 'gamma'])
    expect(Object.keys(layerTable)).toContain('embedding')
    model.dispose()
  })
})

const plain = tinyExperiment({
  buildModel: (seed) => denseModel(seed),
  createOptimizer: () => momentum({ learningRate: 0.1 }),
})

async function train(rule: UpdateRule, training: object, changes: Partial<typeof plain> = {}) {
  const experiment = { ...plain, ...changes, createOptimizer: () => rule }
  const { model, history, steps } = await trainExperiment(experiment, { data: tinyData(50), training })
  const weights = model.getWeights().flatMap((weight) => [...weight.dataSync()])
  const digest = weightsDigest(model)
  model.dispose()
  return { weights, digest, steps, loss: history.at(-1)!.loss }
}

describe('accumulateGradients', () => {
  it('does what batches of so many times the size do, also where the last one has less', async () => {
    // 50 samples in batches of 4 by 3: 12, 12, 12, 12 and 2.
    const whole = await train(momentum({ learningRate: 0.1 }), { batchSize: 12, epochs: 2 })
    const parts = await train(accumulateGradients(momentum({ learningRate: 0.1 }), 3), { batchSize: 4, epochs: 2 })
    expect([parts.steps, whole.steps]).toEqual([10, 10])
    for (const [index, weight] of whole.weights.entries()) expect(parts.weights[index]).toBeCloseTo(weight, 5)
    expect(parts.loss).toBeCloseTo(whole.loss, 5)
    const uneven = await train(accumulateGradients(momentum({ learningRate: 0.1 }), 3), { batchSize: 5, epochs: 2 })
    const wholeOfUneven = await train(momentum({ learningRate: 0.1 }), { batchSize: 15, epochs: 2 })
    for (const [index, weight] of wholeOfUneven.weights.entries()) expect(uneven.weights[index]).toBeCloseTo(weight, 5)
  })

  it('draws anew for each batch, and repeats exactly, leaving no tensor', async () => {
    const { buildModel } = tinyExperiment()
    const before = tf.memory().numTensors
    const run = () =>
      train(accumulateGradients(momentum({ learningRate: 0.1 }), 2), { batchSize: 4, epochs: 2 }, { buildModel })
    const one = await run()
    const other = await run()
    expect(one.digest).toBe(other.digest)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('has the schedule count steps of the optimizer', async () => {
    const seen = new Set<string>()
    await train(
      accumulateGradients(sgd({ learningRate: 0.1 }), 3),
      { batchSize: 4, epochs: 1 },
      {
        schedule(rate, { step, stepsPerEpoch }) {
          seen.add(`${step}/${stepsPerEpoch}`)
          return rate
        },
      },
    )
    expect([...seen]).toEqual(['0/5', '1/5', '2/5', '3/5', '4/5'])
  })
})

describe.each(['wasm', 'cpu', 'node'] as const)('on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  it.skipIf(!works)('steps are repeated with all of it', async () => {
    await startEngine(engine)
    const { KernelPlan } = await import('../../../src/runtime/replay/kernelPlan.ts')
    const { vi } = await import('vitest')
    const { GraphPlan } = await import('../../../src/runtime/replay/graphPlan.ts')
    const repeat = vi.spyOn(KernelPlan.prototype, 'run')
    const runGraph = vi.spyOn(GraphPlan.prototype, 'run')
    const runOnValues = vi.spyOn(GraphPlan.prototype, 'runOnValues')
    const counts = () => [repeat, runGraph, runOnValues].map(({ mock }) => mock.calls.length)
    const rule = decayWeights(clipByNorm(clipByValue(adam({ learningRate: 0.1 }), 0.1), 0.05), 0.1)
    await train(rule, { batchSize: 5, epochs: 2 })
    // All but the first three of 20 steps; a graph runs from the first one on.
    expect(counts()).toEqual(engine === 'node' ? [0, 0, 20] : [17, 0, 0])
    repeat.mockClear()
    runGraph.mockClear()
    runOnValues.mockClear()
    await train(accumulateGradients(rule, 2), { batchSize: 5, epochs: 2 })
    // Of 20 batches and of 10 steps.
    expect(counts()).toEqual(engine === 'node' ? [7, 20, 0] : [17 + 7, 0, 0])
    repeat.mockRestore()
    runGraph.mockRestore()
    runOnValues.mockRestore()
  })
})
