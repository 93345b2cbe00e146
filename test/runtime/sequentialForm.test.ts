/** `tf.sequential` and the functional form of one network train to the same bits in the fast step, on each engine. */
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import type { EngineChoice } from '../../src/system/engineNames.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { weightsDigest } from '../../src/runtime/runs/saveModel.ts'
import { trainExperiment } from '../../src/runtime/training/trainingLoop.ts'
import { tinyExperiment, tinySamples } from './tinyExperiment.ts'

const samples = { ...tinySamples(8 * 32, 3), sampleShape: [4, 4, 1], count: 32 }
const data = { train: { ...samples, labels: samples.labels.subarray(0, 32) }, classNames: ['no', 'yes'] }

function layersOf(seed: number): tf.layers.Layer[] {
  const kernelInitializer = (offset: number) => tf.initializers.heNormal({ seed: seed + offset })
  return [
    tf.layers.inputLayer({ name: 'input', inputShape: [4, 4, 1] }),
    tf.layers.conv2d({
      name: 'conv',
      filters: 3,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: kernelInitializer(1),
    }),
    tf.layers.batchNormalization({ name: 'norm' }),
    tf.layers.dropout({ name: 'drop', rate: 0.25 }),
    tf.layers.flatten({ name: 'flat' }),
    tf.layers.dense({ name: 'answer', units: 2, activation: 'softmax', kernelInitializer: kernelInitializer(2) }),
  ]
}

function functional(seed: number): tf.LayersModel {
  const input = tf.input({ name: 'input', shape: [4, 4, 1] })
  const [, ...layers] = layersOf(seed)
  const output = layers.reduce((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, input)
  return tf.model({ inputs: input, outputs: output })
}

const sequential = (seed: number) => tf.sequential({ layers: layersOf(seed) })

it.each<EngineChoice>(['cpu', 'wasm', 'node'])('on %s', async (engine) => {
  await startEngine(engine)
  const digests: string[] = []
  for (const buildModel of [sequential, functional]) {
    const { model } = await trainExperiment(tinyExperiment({ buildModel }), { data, training: { epochs: 3 } })
    digests.push(weightsDigest(model))
    model.dispose()
  }
  expect(digests[0]).toBe(digests[1])
})
