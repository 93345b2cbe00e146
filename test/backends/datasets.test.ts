/** The interpreter and the script for the package read the same data, and train to the same weights. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { prepareSplits } from '../../src/runtime/data/prepareSplits.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { evaluateModel } from '../../src/runtime/training/evaluation.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { replicaThreads } from '../../src/runtime/threads/replicaThreads.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { bytesOf, writeNpy } from '../runtime/formats/npyFixture.ts'
import { writeZip } from '../runtime/formats/zipFixture.ts'
import { createScriptFolder, importScript, lowerVariant, type Variant } from './variants.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const scripts = createScriptFolder('package')
const folder = temporaryFolder()

beforeAll(async () => {
  await startEngine('wasm')
})
afterAll(() => {
  scripts.remove()
})

/** 60 flowers of three kinds, told apart by their size. */
const flowers = Array.from({ length: 60 }, (_, row) => {
  const kind = row % 3
  return `${(kind * 2 + (row % 7) / 10).toFixed(1)},${['white', 'red'][row % 2]},${['rose', 'lily', 'iris'][kind]}`
})
writeFileSync(join(folder, 'flowers.csv'), `length,colour,species\n${flowers.join('\n')}\n`)
const inputs = Float32Array.from({ length: 80 }, (_, at) => Math.sin(at))
const targets = Float32Array.from({ length: 40 }, (_, at) => inputs[2 * at]! - inputs[2 * at + 1]!)
writeFileSync(
  join(folder, 'data.npz'),
  writeZip(
    new Map([
      ['x.npy', writeNpy('<f4', [40, 2], bytesOf(inputs))],
      ['y.npy', writeNpy('<f4', [40], bytesOf(targets))],
    ]),
  ),
)

/** Specs with what their test samples must come to. */
const specs: Readonly<Record<string, { readonly spec: string; readonly want: Readonly<Record<string, number>> }>> = {
  'made-up classes': {
    spec: `
name: classes
dataset: { synthetic: { shape: [8, 8, 1], classes: 4, train: 400, test: 100, noise: 0.3 } }
layers: [flatten, { dense: { units: 4, activation: softmax } }]
optimizer: { adam: { learningRate: 0.02 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 5, batchSize: 32, seed: 1 }`,
    want: { accuracy: 0.9 },
  },
  'made-up values in two threads': {
    spec: `
name: made-up-values
dataset: { synthetic: { shape: [6], labels: values, train: 500, test: 100, noise: 0.05 } }
layers: [{ dense: { units: 16, activation: tanh } }, { dense: { units: 1 } }]
optimizer: { adam: { learningRate: 0.02 } }
loss: meanSquaredError
metrics: [r2Score]
training: { epochs: 10, batchSize: 32, seed: 1, threads: 2, validationSplit: 0.1 }`,
    want: { r2Score: 0.9 },
  },
  'a table': {
    spec: `
name: flowers
dataset: { csv: { path: ${join(folder, 'flowers.csv')}, label: species, testSplit: 0.2, columns: { colour: index } } }
layers: [{ dense: { units: 8, activation: relu } }, { dense: { units: 3, activation: softmax } }]
optimizer: { adam: { learningRate: 0.05 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 20, batchSize: 8, seed: 1, validationSplit: 0.2, stratified: true }`,
    want: { accuracy: 0.9 },
  },
  'arrays of values': {
    spec: `
name: arrays
dataset: { npz: { path: ${join(folder, 'data.npz')}, inputs: x, targets: y, testSplit: 0.2 } }
layers: [{ dense: { units: 1 } }]
optimizer: { adam: { learningRate: 0.1 } }
loss: meanSquaredError
metrics: [r2Score]
training: { epochs: 30, batchSize: 8, seed: 1 }`,
    want: { r2Score: 0.99 },
  },
}

describe('the interpreter and the script for the package', () => {
  it.each(Object.entries(specs))('train to the same weights: %s', async (_name, { spec, want }) => {
    const variant: Variant = { backend: 'wasm', spec }
    const experiment = interpretProgram(lowerVariant(variant))
    const { model } = await trainExperiment(experiment)
    const path = await scripts.compile(variant)
    const script = await importScript(path)
    const replicas = replicaThreads(pathToFileURL(path).href)
    const compiled = await trainExperiment({ ...script.experiment, replicas })
    expect(weightsDigest(compiled.model)).toBe(weightsDigest(model))
    const { test } = prepareSplits(await script.experiment.loadData(), experiment.training)
    const logs = await evaluateModel(compiled.model, test!, experiment, 32)
    for (const [metric, least] of Object.entries(want)) expect(logs[metric], metric).toBeGreaterThan(least)
    model.dispose()
    compiled.model.dispose()
  })
})
