import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { type Samples } from '../../src/runtime/data/samples.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { createRandom } from '../../src/script/random.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { type EpochLogs } from '../../src/runtime/training/trainingListener.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { tinyExperiment } from './tinyExperiment.ts'
import { adam } from '../../src/parts/optimizers/adam.run.ts'

/** Images of 8 x 8 pixels, bright in the upper half or in the lower. */
function halves(count: number): Samples {
  const random = createRandom(3)
  const labels = Uint8Array.from({ length: count }, () => Math.floor(random() * 2))
  const inputs = new Uint8Array(count * 64)
  for (let sample = 0; sample < count; sample++) {
    for (let pixel = 0; pixel < 64; pixel++) {
      const bright = Number(pixel >= 32) === labels[sample]
      inputs[sample * 64 + pixel] = Math.floor(random() * 100) + (bright ? 150 : 0)
    }
  }
  return { inputs, sampleShape: [8, 8, 1], scale: 1 / 255, labels, count, classes: 2 }
}

/** Every layer of the examples: convolutions, both poolings, batch normalization, dropout, dense. */
const convolutional = tinyExperiment({
  buildModel: (seed) => {
    const kernelInitializer = tf.initializers.glorotUniform({ seed: seed + 1 })
    return tf.sequential({
      name: 'convolutional',
      layers: [
        tf.layers.conv2d({
          name: 'conv',
          inputShape: [8, 8, 1],
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          kernelInitializer,
        }),
        tf.layers.maxPooling2d({ name: 'max', poolSize: 2 }),
        tf.layers.conv2d({
          name: 'conv_1',
          // Before a normalization a bias has no gradient but rounding, which adam would blow up.
          useBias: false,
          filters: 6,
          kernelSize: 3,
          strides: 2,
          padding: 'same',
          kernelInitializer,
        }),
        tf.layers.batchNormalization({ name: 'norm' }),
        tf.layers.activation({ name: 'relu', activation: 'relu' }),
        tf.layers.averagePooling2d({ name: 'average', poolSize: 2 }),
        tf.layers.dropout({ name: 'drop', rate: 0.2 }),
        tf.layers.flatten({ name: 'flatten' }),
        tf.layers.dense({ name: 'answer', units: 2, activation: 'softmax', kernelInitializer }),
      ],
    })
  },
  loadData: async () => ({ train: halves(60), test: halves(20), classNames: ['up', 'down'] }),
  createOptimizer: () => adam({ learningRate: 0.01 }),
  training: { epochs: 3, batchSize: 16, seed: 1, shuffle: true, validationSplit: 0.2 },
})

async function train(): Promise<{ digest: string; history: readonly EpochLogs[]; tensors: number[] }> {
  const tensors: number[] = []
  const { model, history } = await trainExperiment(
    convolutional,
    {},
    { onEpochEnd: () => void tensors.push(tf.memory().numTensors) },
  )
  const digest = weightsDigest(model)
  model.dispose()
  return { digest, history, tensors }
}

describe('a convolutional net', () => {
  it('trains on wasm to the same weights each time, without leaks', async () => {
    await startEngine('wasm')
    const [first, second] = [await train(), await train()]
    expect(second.digest).toBe(first.digest)
    expect(second.tensors).toEqual(first.tensors)
    expect(new Set(first.tensors).size).toBe(1)
    expect(first.history.at(-1)!.loss).toBeLessThan(first.history[0]!.loss)
  })

  it('reports the same on wasm and cpu, within rounding', async () => {
    await startEngine('wasm')
    const wasm = await train()
    await startEngine('cpu')
    const cpu = await train()
    for (const [index, logs] of wasm.history.entries()) {
      expect(logs.loss).toBeCloseTo(cpu.history[index]!.loss, 3)
      expect(logs['val_loss']).toBeCloseTo(cpu.history[index]!['val_loss']!, 3)
    }
  })
})
