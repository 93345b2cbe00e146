import * as tf from '@tensorflow/tfjs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'
import { type Experiment } from '../../../src/runtime/training/experiment.ts'
import { categoricalCrossentropy } from '../../../src/backends/generated/losses.ts'
import { accuracy } from '../../../src/runtime/training/metrics.ts'
import { adadelta } from '../../../src/parts/optimizers/adadelta.run.ts'
import { adagrad } from '../../../src/parts/optimizers/adagrad.run.ts'
import { adam } from '../../../src/parts/optimizers/adam.run.ts'
import { adamax } from '../../../src/parts/optimizers/adamax.run.ts'
import { momentum } from '../../../src/parts/optimizers/momentum.run.ts'
import { rmsprop } from '../../../src/parts/optimizers/rmsprop.run.ts'
import { createRandom } from '../../../src/script/random.ts'
import { threadedExperiment } from '../threads/threadedExperiment.ts'
import { tinyExperiment } from '../tinyExperiment.ts'
import { essenceOf, RunInFolder } from './interruptedRun.ts'

let run: RunInFolder
beforeEach(() => {
  run = new RunInFolder()
})

/** Small noise images, a convolution, dropout and batch normalization; nine steps an epoch, the last one short. */
const convolutional: Experiment = {
  name: 'convolutional',
  buildModel(seed) {
    const kernelInitializer = tf.initializers.glorotUniform({ seed: seed + 1 })
    const model = tf.sequential({ name: 'convolutional' })
    model.add(tf.layers.conv2d({ name: 'conv', inputShape: [8, 8, 1], filters: 4, kernelSize: 3, kernelInitializer }))
    model.add(tf.layers.batchNormalization({ name: 'norm' }))
    model.add(tf.layers.maxPooling2d({ name: 'pool', poolSize: 2 }))
    model.add(tf.layers.dropout({ name: 'drop', rate: 0.3 }))
    model.add(tf.layers.flatten({ name: 'flat' }))
    model.add(tf.layers.dense({ name: 'answer', units: 3, activation: 'softmax', kernelInitializer }))
    return model
  },
  async loadData() {
    const random = createRandom(1)
    const inputs = Float32Array.from({ length: 80 * 64 }, random)
    const labels = Int32Array.from({ length: 80 }, () => Math.floor(random() * 3))
    const train = { inputs, sampleShape: [8, 8, 1], scale: 1, labels, count: 80, classes: 3 }
    return { train, test: train, classNames: ['a', 'b', 'c'] }
  },
  createOptimizer: () => adam({ learningRate: 0.01 }),
  loss: categoricalCrossentropy(),
  metrics: [accuracy()],
  training: { epochs: 2, batchSize: 8, seed: 3, shuffle: true, validationSplit: 0.1 },
}

const node = await startEngine('node').then(
  () => true,
  () => false,
)

describe.each([
  ['wasm', convolutional],
  ['wasm in two threads', threadedExperiment({ normalized: true })],
  ...(node ? [['node', convolutional] as const] : []),
] as const)('on %s', (engine, experiment) => {
  it.each([2, 5, 8])('a run that was interrupted after step %i is resumed bit for bit', async (steps) => {
    await startEngine(engine === 'node' ? 'node' : 'wasm')
    const whole = await run.train(experiment)
    run.clear()
    await run.interruptAfter(experiment, steps)
    const resumed = await run.resume(experiment)
    expect(essenceOf(resumed)).toEqual(essenceOf(whole))
    expect(resumed.notes).toHaveLength(1)
  })
})

describe('the state of an optimizer', () => {
  it.each([
    ['momentum', () => momentum({ learningRate: 0.05 })],
    ['nesterov', () => momentum({ learningRate: 0.05, useNesterov: true })],
    ['adam', () => adam({ learningRate: 0.01 })],
    ['adamax', () => adamax({ learningRate: 0.01, decay: 0.1 })],
    ['adagrad', () => adagrad({ learningRate: 0.05 })],
    ['adadelta', () => adadelta({ learningRate: 0.5 })],
    ['rmsprop', () => rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true })],
  ])('is resumed: %s', async (_name, createOptimizer) => {
    await startEngine('wasm')
    const experiment = tinyExperiment({ createOptimizer })
    const whole = await run.train(experiment)
    run.clear()
    await run.interruptAfter(experiment, 10)
    expect(essenceOf(await run.resume(experiment))).toEqual(essenceOf(whole))
  })
})

it.skipIf(!node)('says that a run is resumed with single operations', async () => {
  await startEngine('node')
  await run.interruptAfter(tinyExperiment(), 3)
  vi.stubEnv('SHAPEWRIGHT_GRAPH', 'off')
  const { notes } = await run.resume(tinyExperiment())
  vi.unstubAllEnvs()
  expect(notes.at(-1)).toBe(
    'Steps were one TensorFlow graph and are single operations now: the last digits of the results will differ.',
  )
})

it('says where the last digits will differ', async () => {
  await startEngine('wasm')
  await run.interruptAfter(tinyExperiment(), 3)
  await startEngine('cpu')
  const { notes } = await run.resume(tinyExperiment())
  expect(notes.at(-1)).toBe(
    'Started on wasm in 1 thread, resumed on cpu in 1 thread: the last digits of the results will differ.',
  )
})
