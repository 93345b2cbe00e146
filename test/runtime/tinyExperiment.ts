import * as tf from '@tensorflow/tfjs'
import { type ReplicatedExperiment } from '../../src/runtime/training/experiment.ts'
import { categoricalCrossentropy } from '../../src/backends/generated/losses.ts'
import { accuracy } from '../../src/runtime/training/metrics.ts'
import { createRandom } from '../../src/script/random.ts'
import { type InMemory } from './datasets/laggingStream.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'

/** Points on a plane, of the class 1 where the first coordinate is the larger. */
export function tinySamples(count: number, seed: number): InMemory {
  const random = createRandom(seed)
  const inputs = Uint8Array.from({ length: count * 2 }, () => Math.floor(random() * 256))
  const labels = Uint8Array.from({ length: count }, (_, index) => Number(inputs[2 * index]! > inputs[2 * index + 1]!))
  return { inputs, sampleShape: [2], scale: 1 / 255, labels, count, classes: 2 }
}

export function tinyData(count: number) {
  return { train: tinySamples(count, 1), test: tinySamples(20, 2), classNames: ['no', 'yes'] }
}

/** A network of 38 weights with dropout and batch normalization, which the cpu engine trains in no time. */
export function tinyExperiment(changes: Partial<ReplicatedExperiment> = {}): ReplicatedExperiment {
  return {
    name: 'tiny',
    buildModel: (seed) =>
      tf.sequential({
        name: 'tiny',
        layers: [
          tf.layers.dense({
            name: 'hidden',
            inputShape: [2],
            units: 4,
            activation: 'tanh',
            kernelInitializer: glorot(seed + 1),
          }),
          tf.layers.batchNormalization({ name: 'norm' }),
          tf.layers.dropout({ name: 'drop', rate: 0.25, seed: 5 }),
          tf.layers.dense({ name: 'answer', units: 2, activation: 'softmax', kernelInitializer: glorot(seed + 2) }),
        ],
      }),
    loadData: async () => tinyData(50),
    createOptimizer: () => sgd({ learningRate: 0.1 }),
    loss: categoricalCrossentropy(),
    metrics: [accuracy()],
    training: { epochs: 2, batchSize: 8, seed: 42, shuffle: true, validationSplit: 0 },
    ...changes,
  }
}

/** A model of one dense layer from two numbers to two classes. */
export function denseModel(seed: number, options: Partial<Parameters<typeof tf.layers.dense>[0]> = {}): tf.LayersModel {
  const answer = tf.layers.dense({
    name: 'answer',
    inputShape: [2],
    units: 2,
    activation: 'softmax',
    kernelInitializer: glorot(seed + 1),
    ...options,
  })
  return tf.sequential({ name: 'dense', layers: [answer] })
}

function glorot(seed: number): ReturnType<typeof tf.initializers.glorotUniform> {
  return tf.initializers.glorotUniform({ seed })
}
