import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildModel, interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { evaluateRun } from '../../src/tasks/train/trainRun.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { evaluateModel } from '../../src/runtime/training/evaluation.ts'
import { saveModel } from '../../src/runtime/runs/saveModel.ts'
import { lowerVariant } from './variants.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const run = temporaryFolder()

/** Layers that TensorFlow.js has not, or loads as its own, which are broken. */
const spec = `
name: own-layers
dataset: mnist
layers:
  - resizing: { height: 8, width: 8 }
  - minPooling2d: { poolSize: 3, strides: 2, padding: same }
  - batchNormalization: { scale: false }
  - flatten
  - alphaDropout: { rate: 0.1 }
  - dense: { units: 10, activation: softmax }
optimizer: sgd
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 1, batchSize: 500, seed: 3 }`

it('a saved network of our own layers is evaluated as it was before', { timeout: 60_000 }, async () => {
  await startEngine('wasm')
  const program = lowerVariant({ backend: 'wasm', spec })
  const experiment = interpretProgram(program)
  const model = buildModel(program, 11)
  const data = await experiment.loadData()
  const before = await evaluateModel(model, data.test!, experiment, 500)
  await saveModel(model, join(run, 'model'))
  model.dispose()
  const request = { engine: 'wasm', withPictures: false, onEngine: () => undefined } as const
  expect((await evaluateRun(program, run, request))?.logs).toEqual(before)
})
