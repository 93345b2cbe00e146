import * as tf from '@tensorflow/tfjs'
import { type ReplicatedExperiment } from '../../src/runtime/training/experiment.ts'
import { categoricalCrossentropy, meanSquaredError } from '../../src/backends/generated/losses.ts'
import { accuracy, precision } from '../../src/runtime/training/metrics.ts'
import { tinyData } from './tinyExperiment.ts'
import { sgd } from '../../src/parts/optimizers/sgd.run.ts'

/** Two inputs, which both are given the same samples, a trunk, and a head for each of two losses. */
export function twoHeads(changes: Partial<ReplicatedExperiment> = {}): ReplicatedExperiment {
  return {
    name: 'two-heads',
    buildModel: twoHeadsModel,
    loadData: async () => tinyData(50),
    createOptimizer: () => sgd({ learningRate: 0.1 }),
    loss: { answer: categoricalCrossentropy(), value: meanSquaredError() },
    lossWeights: { value: 0.25 },
    metrics: { answer: [accuracy()], value: [precision()] },
    training: { epochs: 2, batchSize: 8, seed: 42, shuffle: true, validationSplit: 0 },
    ...changes,
  }
}

function twoHeadsModel(seed: number): tf.LayersModel {
  const dense = (name: string, units: number, activation: 'tanh' | 'softmax' | 'sigmoid', offset: number) =>
    tf.layers.dense({
      name,
      units,
      activation,
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + offset }),
      kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
    })
  const [left, right] = [tf.input({ name: 'left', shape: [2] }), tf.input({ name: 'right', shape: [2] })]
  const joined = tf.layers.concatenate({ name: 'joined' }).apply([left, right]) as tf.SymbolicTensor
  const trunk = dense('trunk', 4, 'tanh', 1).apply(joined) as tf.SymbolicTensor
  const answer = dense('answer', 2, 'softmax', 2).apply(trunk) as tf.SymbolicTensor
  const value = dense('value', 1, 'sigmoid', 3).apply(trunk) as tf.SymbolicTensor
  return tf.model({ name: 'two-heads', inputs: [left, right], outputs: [answer, value] })
}
