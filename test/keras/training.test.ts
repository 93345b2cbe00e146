/** Networks that are trained here and in Keras from the same weights on the same batches: losses and weights must agree. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { EngineInfo } from '../../src/runtime/engines/engineInfo.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { meanSquaredError } from '../../src/backends/generated/losses.ts'
import { objectivesOf } from '../../src/runtime/training/objective.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'
import { WeightUpdater } from '../../src/runtime/training/weightUpdater.ts'
import { findTrainableVariables, findTrainedWeights, trainOnBatch } from '../../src/runtime/training/trainingStep.ts'
import { RepeatedStep } from '../../src/runtime/replay/repeatedStep.ts'
import { yamlText } from '../../src/source/edits.ts'
import { engineStarts } from '../runtime/engineStarts.ts'
import { readReference, type Listed, type TrainingReference } from './reference.ts'

const { training } = readReference()
const engines: readonly EngineInfo['name'][] = ['cpu', 'wasm', 'node']

for (const engine of engines) {
  describe.skipIf(!(await engineStarts(engine)))(`trained as in Keras on ${engine}`, () => {
    it.each(training.map((one) => [one.name, one] as const))('%s', async (_name, reference) => {
      await startEngine(engine)
      const model = buildNetwork(reference)
      giveWeights(model, reference.before)
      const { losses, kernels } = train(model, reference)
      expectClose(losses, reference.losses, 'losses')
      expect(kernels, 'the step was recorded and repeated').toBeGreaterThan(0)
      for (const [name, weights] of Object.entries(reference.after)) {
        const found = model.getLayer(name).getWeights()
        expect(found.map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape))
        for (const [index, { values }] of weights.entries())
          expectClose([...found[index]!.dataSync()], values, `weight ${index} of ${name}`)
        if (model.getLayer(name).trainableWeights.length > 0) continue
        const before = reference.before[name]!.map(({ values }) => values)
        expect(
          found.map((weight) => [...weight.dataSync()]),
          `${name}, frozen`,
        ).toEqual(before.map(inFloat32))
      }
      model.dispose()
    })
  })
}

function buildNetwork({ layers, inputs }: TrainingReference): tf.LayersModel {
  const items = layers.map((layer) => `  - ${yamlText(layer)}\n`).join('')
  const text = `name: net\ninput: { shape: [${inputs.shape.slice(1).join(', ')}] }\nlayers:\n${items}`
  const { spec, shaped, diagnostics } = checkText(text, 'net.yaml')
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return buildModel(lowerGraph(spec, shaped), 1)
}

function giveWeights(model: tf.LayersModel, weights: TrainingReference['before']): void {
  for (const [name, values] of Object.entries(weights)) {
    const tensors = values.map(tensorOf)
    model.getLayer(name).setWeights(tensors)
    tf.dispose(tensors)
  }
}

/** Takes a step on each batch; the later ones are repeated from the record of the first. */
function train(
  model: tf.LayersModel,
  { inputs, labels, losses }: TrainingReference,
): { losses: number[]; kernels: number | undefined } {
  const variables = findTrainableVariables(model)
  const updater = new WeightUpdater(sgd({ learningRate: 0.05 }), findTrainedWeights(model))
  const objectives = objectivesOf({ loss: meanSquaredError(), metrics: [] })
  const repeated = new RepeatedStep(([given, wanted, rate]) =>
    tf.tidy(() => {
      const batch = { inputs: given!, labels: wanted!, count: given!.shape[0]! }
      return [trainOnBatch(model, variables, updater, objectives, batch, rate as tf.Scalar).loss]
    }),
  )
  const count = inputs.shape[0]! / losses.length
  const found = losses.map((_loss, step) =>
    tf.tidy(() => {
      const batch = [inputs, labels].map((all) => tensorOf(all).slice(step * count, count))
      return repeated.run([...batch, tf.scalar(0.05)])[0]!.dataSync()[0]!
    }),
  )
  const { kernels } = repeated
  repeated.dispose()
  return { losses: found, kernels }
}

function tensorOf({ shape, values }: Listed): tf.Tensor {
  return tf.tensor([...values], [...shape], 'float32')
}

function inFloat32(values: readonly number[]): number[] {
  return [...Float32Array.from(values)]
}

function expectClose(found: readonly number[], wanted: readonly number[], what: string): void {
  expect(found, what).toEqual(wanted.map((value) => expect.closeTo(value, 4)))
}
