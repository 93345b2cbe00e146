/** What recurrent layers drop in training follows from the seed of the run, as with every other layer. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { seedOfStep } from '../../src/script/draws.ts'
import { forgetSeeds, seedRandomLayers } from '../../src/patches/randomLayers.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

/** Weights so small that nothing is saturated, where other masks would show no difference. */
const options = {
  units: 16,
  dropout: 0.4,
  recurrentDropout: 0.4,
  kernelInitializer: 'ones',
  recurrentInitializer: tf.initializers.constant({ value: 0.05 }),
} as const
const layers = {
  simpleRNN: () => tf.layers.simpleRNN(options),
  gru: () => tf.layers.gru(options),
  lstm: () => tf.layers.lstm(options),
  bidirectional: () => tf.layers.bidirectional({ layer: tf.layers.lstm(options) as tf.RNN, mergeMode: 'concat' }),
}

describe.each(Object.entries(layers))('%s', (_name, make) => {
  function build(): tf.LayersModel {
    const input = tf.input({ shape: [5, 8] })
    return tf.model({ inputs: input, outputs: make().apply(input) as tf.SymbolicTensor })
  }

  function run(model: tf.LayersModel, training = true): number[] {
    const batch = tf.randomNormal([4, 5, 8], 0, 0.02, 'float32', 7)
    return [...(model.apply(batch, { training }) as tf.Tensor).dataSync()]
  }

  it('drops the same from the same seed and step, and other values in another', () => {
    const [first, second] = [build(), build()]
    seedRandomLayers(first, seedOfStep(5, 1))
    const stepOne = run(first)
    seedRandomLayers(second, seedOfStep(5, 1))
    expect(run(second)).toEqual(stepOne)
    seedRandomLayers(second, seedOfStep(5, 2))
    expect(run(second)).not.toEqual(stepOne)
  })

  it('drops nothing in prediction, and without a seed after the run', () => {
    const model = build()
    const plain = run(model, false)
    seedRandomLayers(model, seedOfStep(5, 1))
    expect(run(model, false)).toEqual(plain)
    forgetSeeds(model)
    expect(run(model)).not.toEqual(run(model))
  })
})
