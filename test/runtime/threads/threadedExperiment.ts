import * as tf from '@tensorflow/tfjs'
import { weighClasses } from '../../../src/runtime/training/classWeights.ts'
import { type ReplicatedExperiment } from '../../../src/runtime/training/experiment.ts'
import { categoricalCrossentropy } from '../../../src/backends/generated/losses.ts'
import { type Loss } from '../../../src/runtime/training/loss.ts'
import { accuracy, precision } from '../../../src/runtime/training/metrics.ts'
import { replicaThreads } from '../../../src/runtime/threads/replicaThreads.ts'
import { tinyData } from '../tinyExperiment.ts'
import { adam } from '../../../src/parts/optimizers/adam.run.ts'

/** A small regularized net, with batch normalization and dropout where asked, for threads that run `replicaEntry.ts`. */
export function threadedExperiment({
  normalized = false,
  data,
}: { normalized?: boolean; data?: string } = {}): ReplicatedExperiment {
  return {
    name: 'threaded',
    buildModel: (seed) => {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: seed + 1 })
      const kernelRegularizer = tf.regularizers.l2({ l2: 0.01 })
      const model = tf.sequential({ name: 'threaded' })
      model.add(tf.layers.dense({ name: 'hidden', inputShape: [2], units: 8, kernelInitializer, kernelRegularizer }))
      if (normalized) {
        model.add(tf.layers.batchNormalization({ name: 'norm' }))
        model.add(tf.layers.dropout({ name: 'drop', rate: 0.25 }))
      }
      model.add(tf.layers.dense({ name: 'answer', units: 2, activation: 'softmax', kernelInitializer }))
      return model
    },
    loadData: async () => tinyData(50),
    createOptimizer: () => adam({ learningRate: 0.01 }),
    loss: categoricalCrossentropy(),
    metrics: [accuracy(), precision()],
    training: { epochs: 3, batchSize: 16, seed: 42, shuffle: true, validationSplit: 0, threads: 2 },
    replicas: replicaThreads(new URL('replicaEntry.ts', import.meta.url).href, normalized ? 'normalized' : data),
  }
}

/** Of classes that do not occur as often, with weights that its main thread finds out. */
export function balancedExperiment(): ReplicatedExperiment {
  const { train, ...rest } = tinyData(50)
  const labels = train.labels.map((_, index) => Number(index % 5 === 0))
  return {
    ...threadedExperiment({ data: 'balanced' }),
    loadData: async () => ({ ...rest, train: { ...train, labels } }),
    loss: weighClasses(categoricalCrossentropy(), 'balanced'),
  }
}

/** Goes wrong in its third step: throws, ends its thread, or never answers. */
export function failingLoss(how: string): Loss {
  const { name, compute } = categoricalCrossentropy()
  let steps = 0
  return {
    name,
    compute: (labels, predictions) => {
      if (++steps === 3) {
        if (how === 'throw') throw new Error('out of luck')
        if (how === 'exit') process.exit(7)
        if (how === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
      }
      return compute(labels, predictions)
    },
  }
}
