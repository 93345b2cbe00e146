/** Steps that repeat recorded kernel calls do what the steps themselves do, bit for bit, and leave no memory behind. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { RepeatedStep } from '../../../src/runtime/replay/repeatedStep.ts'
import { countBatch } from '../../../src/runtime/training/runningLogs.ts'
import { weightsDigest } from '../../../src/runtime/runs/saveModel.ts'
import {
  disposeOutcome,
  findTrainableVariables,
  findTrainedWeights,
  trainOnBatch,
} from '../../../src/runtime/training/trainingStep.ts'
import { engineStarts } from '../engineStarts.ts'
import { drawBatch, networks, objectives, rules, sizes } from './repeatedNetworks.ts'
import { WeightUpdater } from '../../../src/runtime/training/weightUpdater.ts'
import { type UpdateRule } from '../../../src/script/updateRule.ts'
import { seedRandomLayers } from '../../../src/patches/randomLayers.ts'
import { seedOfStep } from '../../../src/script/draws.ts'

const engines: readonly ('node' | 'wasm' | 'cpu')[] = ['wasm', 'cpu', 'node']
/** Trains on all batches, and gives the weights' digest, the counts of each batch, and how many kernels a repeated step calls. */
function train(layers: tf.layers.Layer[], rule: UpdateRule, isRepeated: boolean) {
  const model = tf.sequential({ layers })
  const variables = findTrainableVariables(model)
  const updater = new WeightUpdater(rule, findTrainedWeights(model))
  const step = ([inputs, labels, rate, seed]: readonly tf.Tensor[]) =>
    tf.tidy(() => {
      seedRandomLayers(model, seed as tf.Scalar)
      const batch = { inputs: inputs!, labels: labels as tf.Tensor1D, count: inputs!.shape[0]! }
      const result = trainOnBatch(model, variables, updater, objectives, batch, rate as tf.Scalar)
      const counts = countBatch(objectives, result, batch.labels)
      disposeOutcome(result)
      return counts
    })
  const repeated = new RepeatedStep(step)
  const counts: (number | undefined)[] = []
  const tensors: number[] = []
  for (const [index, size] of sizes.entries()) {
    // The learning rate differs from step to step, and so does what is drawn.
    const rate = tf.scalar(rule.learningRate / (index + 1))
    const inputs = [...drawBatch(size, index), rate, seedOfStep(7, index)]
    const counted = isRepeated ? repeated.run(inputs) : step(inputs)
    counts.push(...counted.map((count) => count.dataSync()[0]))
    tf.dispose([inputs, counted])
    tensors.push(tf.memory().numTensors)
  }
  const results = { weights: weightsDigest(model), counts }
  const { kernels } = repeated
  repeated.dispose()
  model.dispose()
  updater.dispose()
  return { results, kernels, tensors }
}

describe.each(engines)('on the engine %s', async (engine) => {
  const works = await engineStarts(engine)

  for (const [network, layers] of Object.entries(networks)) {
    for (const [name, rule] of Object.entries(rules)) {
      it.skipIf(!works)(`${network} with ${name}`, async () => {
        await startEngine(engine)
        const before = tf.memory().numTensors
        const want = train(layers(), rule, false)
        // A recurrent cell of TensorFlow.js keeps what it dropped last.
        const left = tf.memory().numTensors - before
        const got = train(layers(), rule, true)
        expect(got.results).toEqual(want.results)
        expect(got.kernels).toBeGreaterThan(0)
        expect(tf.memory().numTensors, 'tensors left by repeated steps').toBe(before + 2 * left)
        expect(new Set(got.tensors.slice(3)).size, `tensors after each step: ${got.tensors.join(', ')}`).toBe(1)
      })
    }
  }
})

describe('a step that cannot be repeated', () => {
  it('is taken as it is where it draws random numbers', async () => {
    await startEngine('cpu')
    let draws = 0
    const repeated = new RepeatedStep(([x]) => {
      draws++
      return [tf.tidy(() => tf.add(x!, tf.randomUniform([3])))]
    })
    const x = tf.zeros([3])
    const results = Array.from({ length: 6 }, () => repeated.run([x])[0]!.dataSync().join())
    expect(draws).toBe(6)
    expect(new Set(results).size).toBe(6)
    expect(repeated.kernels).toBeUndefined()
  })

  it('is taken as it is where it counts', async () => {
    await startEngine('cpu')
    let count = 0
    const repeated = new RepeatedStep(([x]) => [tf.tidy(() => tf.mul(x!, ++count))])
    const x = tf.scalar(1)
    expect(Array.from({ length: 5 }, () => repeated.run([x])[0]!.dataSync()[0])).toEqual([1, 2, 3, 4, 5])
  })
})

it('lets variables take over what others had', async () => {
  await startEngine('cpu')
  const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(2))]
  const repeated = new RepeatedStep(([x]) => {
    tf.tidy(() => {
      const before = a.clone()
      a.assign(b.clone())
      b.assign(before)
    })
    return [tf.add(x!, a)]
  })
  const x = tf.scalar(0)
  const seen = Array.from({ length: 6 }, () => repeated.run([x])[0]!.dataSync()[0])
  expect(seen).toEqual([2, 1, 2, 1, 2, 1])
  expect(repeated.kernels).toBe(1)
})

it('leaves out what nothing needs, and computes once what never changes', async () => {
  await startEngine('cpu')
  const repeated = new RepeatedStep(([x]) =>
    tf.tidy(() => {
      tf.square(x!)
      return [tf.mul(x!, tf.exp(tf.ones([2])))]
    }),
  )
  const x = tf.tensor1d([1, 2])
  const [first, ...rest] = Array.from({ length: 5 }, () => repeated.run([x])[0]!.dataSync().join())
  expect(rest).toEqual([first, first, first, first])
  expect(repeated.kernels).toBe(1)
})
