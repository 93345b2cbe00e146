/** Layers chosen by patterns: which are trained, and at which factor of the learning rate. */
import type * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { interpretProgram } from '../../src/backends/interpret/interpret.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { withTargetProblems } from '../../src/tasks/checkTarget.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'

const text = (optimizer: string, sections: string, training = '') => `
name: rates
dataset: { synthetic: { shape: [6], classes: 3, train: 40, test: 6, seed: 1 } }
blocks:
  stage: { layers: [{ dense: { name: inner, units: 5, activation: tanh } }, { dense: { units: 5, activation: tanh } }] }
layers:
  - dense: { name: first, units: 5, activation: tanh }
  - stage: { name: stage }
  - dense: { name: head, units: 3, activation: softmax }
optimizer: { ${optimizer} }
loss: sparseCategoricalCrossentropy
training: { epochs: 4, batchSize: 8, seed: 3, schedule: cosine${training} }
${sections}`

function experimentOf(spec: string) {
  const { spec: read, shaped, diagnostics } = checkText(spec, 'rates.yaml')
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return interpretProgram(lowerGraph(read, shaped))
}

function weightsOf(model: tf.LayersModel): Record<string, readonly number[]> {
  const weights = model.weights.map((weight) => [weight.originalName, [...weight.read().dataSync()]] as const)
  model.dispose()
  return Object.fromEntries(weights)
}

async function weightsAfter(spec: string): Promise<Record<string, readonly number[]>> {
  const experiment = experimentOf(spec)
  const { model } = await trainExperiment(experiment)
  await experiment.replicas?.release()
  return weightsOf(model)
}

function expectClose(found: Record<string, readonly number[]>, want: Record<string, readonly number[]>): void {
  for (const [name, values] of Object.entries(want))
    for (const [index, value] of values.entries()) expect(found[name]![index], name).toBeCloseTo(value, 5)
}

describe.each(['wasm', 'node'] as const)('on the engine %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine)
  }, 60_000)

  const optimizers = engine === 'wasm' ? Object.keys(optimizerTable) : ['sgd', 'adam']
  it.each([
    ...optimizers.map((optimizer) => [optimizer, '']),
    ['adam', ', weightDecay: 0.1'],
    ['sgd', ', clipNorm: 0.1'],
    ['momentum', ', gradientAccumulation: 2'],
    ...(engine === 'wasm' ? [['adam', ', threads: 2']] : []),
  ])('a factor of the rate of %s%s is as good as another rate', { timeout: 120_000 }, async (optimizer, training) => {
    const trainable = "trainable: { '*': false, 'stage*': true }"
    const rates = "learningRates: { 'stage*': 4, '*age*': 0.5 }"
    const found = await weightsAfter(text(`${optimizer}: { learningRate: 0.02 }`, `${trainable}\n${rates}`, training))
    const spec = text(`${optimizer}: { learningRate: 0.01 }`, trainable, training)
    expectClose(found, await weightsAfter(spec))
    const initial = weightsOf(experimentOf(spec).buildModel(3))
    expect(found['first/kernel']).toEqual(initial['first/kernel'])
    expect(found['stage/inner/kernel']).not.toEqual(initial['stage/inner/kernel'])
  })
})

describe('trainable', () => {
  it.each([
    ["{ '*': false, head: true }", { first: false, 'stage/inner': false, stage: false, head: true }],
    ["{ head: true, '*': false }", { first: false, 'stage/inner': false, stage: false, head: false }],
    ["{ 'stage*': false, x-note: 1 }", { first: true, 'stage/inner': false, stage: false, head: true }],
    ['{ stage: false }', { first: true, 'stage/inner': true, stage: false, head: true }],
  ])('%s decides for layers that do not say so themselves', (trainable, want) => {
    const { shaped, diagnostics } = checkText(text('sgd: {}', `trainable: ${trainable}`), 'rates.yaml')
    const found = shaped.nodes.filter(({ name }) => name in want).map(({ name, layer }) => [name, layer.trainable])
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual(
      trainable.endsWith('false }') && trainable.startsWith('{ head') ? ['the network has no trainable weights'] : [],
    )
    expect(Object.fromEntries(found)).toEqual(want)
  })

  it('of a layer counts more', () => {
    const spec = text('sgd: {}', "trainable: { '*': false }").replace('name: first,', 'name: first, trainable: true,')
    const { shaped } = checkText(spec, 'rates.yaml')
    expect(shaped.nodes.filter(({ trainableParams }) => trainableParams > 0).map(({ name }) => name)).toEqual(['first'])
  })
})

describe('scripts in Python', () => {
  it.each(['keras', 'pytorch'] as const)('for %s have no form for a file that is not there', async (target) => {
    const sections = "learningRates: { 'stage*': 0.5 }\nweights: { from: runs/a }\nignore: [weights/not-found]"
    const { diagnostics } = await withTargetProblems(checkText(text('sgd: {}', sections), 'rates.yaml'), target)
    expect(diagnostics.map(({ code, path }) => [code, path[0]])).toEqual([['target/no-form', 'weights']])
  })
})
