/** Penalties on outputs count once for each use of a layer, in training and evaluation, and leave no tensors behind. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { meanSquaredError } from '../../src/backends/generated/losses.ts'
import { objectivesOf } from '../../src/runtime/training/objective.ts'
import { computeLoss } from '../../src/runtime/training/trainingStep.ts'

beforeAll(async () => {
  await startEngine('cpu')
})

const text = `
name: net
input: { shape: [3] }
layers:
  - dense: { name: twice, units: 3, activityRegularizer: { l2: { l2: 0.5 } } }
  - apply: { name: again, layer: twice }`

it.each([true, false])('counts each use, training: %s', (training) => {
  const { spec, shaped } = checkText(text, 'net.yaml')
  const model = buildModel(lowerGraph(spec, shaped), 3)
  const [inputs, labels] = [tf.randomNormal([4, 3], 0, 1, 'float32', 1), tf.zeros([4, 3])]
  const objectives = objectivesOf({ loss: meanSquaredError(), metrics: [] })
  const before = tf.memory().numTensors
  const [loss, wanted] = tf.tidy(() => {
    const found = computeLoss(model, objectives, { inputs, labels, count: 4 }, training).loss
    const first = model.getLayer('twice').apply(inputs) as tf.Tensor
    const second = model.predict(inputs) as tf.Tensor
    const penalty = [first, second].map((output) =>
      output
        .square()
        .sum()
        .mul(0.5 / 4),
    )
    return [found, second.square().mean().add(penalty[0]!).add(penalty[1]!)].map((one) => one.dataSync()[0]!)
  })
  expect(loss).toBeCloseTo(wanted!, 5)
  expect(tf.memory().numTensors).toBe(before)
})
