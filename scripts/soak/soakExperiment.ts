/** Draws a random short run: a small generated dataset, a small network with state and random layers, any optimizer, callbacks. */
import * as tf from '@tensorflow/tfjs'
import { type Callback } from '../../src/runtime/training/callback.ts'
import { earlyStopping } from '../../src/parts/callbacks/earlyStopping.fast.ts'
import { keepCheckpoints } from '../../src/parts/callbacks/checkpoint.run.ts'
import { type DatasetSplits, type Samples } from '../../src/runtime/data/samples.ts'
import { type ReplicatedExperiment } from '../../src/runtime/training/experiment.ts'
import { categoricalCrossentropy } from '../../src/backends/generated/losses.ts'
import { accuracy, precision } from '../../src/runtime/training/metrics.ts'
import { adadelta } from '../../src/parts/optimizers/adadelta.run.ts'
import { adagrad } from '../../src/parts/optimizers/adagrad.run.ts'
import { adam } from '../../src/parts/optimizers/adam.run.ts'
import { adamax } from '../../src/parts/optimizers/adamax.run.ts'
import { momentum } from '../../src/parts/optimizers/momentum.run.ts'
import { rmsprop } from '../../src/parts/optimizers/rmsprop.run.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'
import { createRandom } from '../../src/script/random.ts'
import { replicaThreads } from '../../src/runtime/threads/replicaThreads.ts'
import { RandomSource } from '../fuzz/randomSource.ts'

const optimizers = [
  () => sgd({ learningRate: 0.05 }),
  () => momentum({ learningRate: 0.02 }),
  () => adam({ learningRate: 0.01 }),
  () => adamax({ learningRate: 0.01 }),
  () => adagrad({ learningRate: 0.05 }),
  () => adadelta({ learningRate: 0.5 }),
  () => rmsprop({ learningRate: 0.005, momentum: 0.5, centered: true }),
]

const callbackChoices: readonly (() => Callback[])[] = [
  () => [],
  () => [],
  () => [earlyStopping({ monitor: 'loss', mode: 'min', patience: 1, minDelta: 0.03, restoreBestWeights: true })],
  () => [keepCheckpoints({ every: 7, unit: 'steps', best: { monitor: 'accuracy', mode: 'max' } })],
  () => [keepCheckpoints({ keep: 'all', every: 2 })],
]

/** @param entry The module that its training threads run. */
export function drawSoakExperiment(seed: number, entry: string): ReplicatedExperiment {
  const random = new RandomSource(seed)
  const units = random.integer(4, 24)
  const depth = random.integer(1, 3)
  const isNormalized = random.chance(0.6)
  const dropout = random.pick([0, 0.3])
  const samples = random.integer(200, 700)
  return {
    name: 'soak',
    buildModel: (ofRun) => buildNetwork(ofRun, { units, depth, isNormalized, dropout }),
    loadData: async () => drawData(samples, seed),
    createOptimizer: random.pick(optimizers),
    loss: categoricalCrossentropy(),
    metrics: [accuracy(), precision()],
    training: {
      epochs: random.integer(2, 5),
      batchSize: random.integer(5, 24),
      seed: random.integer(0, 1000),
      shuffle: random.chance(0.8),
      validationSplit: random.pick([0, 0.2]),
      threads: random.chance(0.3) ? 2 : 1,
    },
    createCallbacks: random.pick(callbackChoices),
    replicas: replicaThreads(entry, seed),
  }
}

interface NetworkChoices {
  readonly units: number
  readonly depth: number
  readonly isNormalized: boolean
  readonly dropout: number
}

function buildNetwork(seed: number, { units, depth, isNormalized, dropout }: NetworkChoices): tf.LayersModel {
  const model = tf.sequential({ name: 'soak' })
  for (let level = 1; level <= depth; level++) {
    const kernelInitializer = tf.initializers.glorotUniform({ seed: seed + level })
    const inputShape = level === 1 ? { inputShape: [6] } : {}
    model.add(tf.layers.dense({ name: `hidden${level}`, units, activation: 'tanh', kernelInitializer, ...inputShape }))
    if (isNormalized) model.add(tf.layers.batchNormalization({ name: `norm${level}` }))
    if (dropout > 0) model.add(tf.layers.dropout({ name: `drop${level}`, rate: dropout }))
  }
  const kernelInitializer = tf.initializers.glorotUniform({ seed: seed + 100 })
  model.add(tf.layers.dense({ name: 'answer', units: 3, activation: 'softmax', kernelInitializer }))
  return model
}

/** Draws points; the class of a point is the third of its coordinates with the largest sum. */
function drawData(count: number, seed: number): DatasetSplits {
  const draw = (samples: number, ofPart: number): Samples => {
    const random = createRandom(ofPart)
    const inputs = Float32Array.from({ length: samples * 6 }, random)
    const labels = Int32Array.from({ length: samples }, (_, index) => {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = inputs.subarray(index * 6)
      const sums = [a + b, c + d, e + f]
      return sums.indexOf(Math.max(...sums))
    })
    return { inputs, sampleShape: [6], scale: 1, labels, count: samples, classes: 3 }
  }
  return { train: draw(count, seed), test: draw(50, seed + 1), classNames: ['a', 'b', 'c'] }
}
