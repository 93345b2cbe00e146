import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { alphaDropoutLayer, gaussianDropoutLayer, gaussianNoiseLayer } from '../../src/parts/layers/noise.run.ts'
import { seedOfStep } from '../../src/script/draws.ts'
import { forgetSeeds, seedRandomLayers } from '../../src/patches/randomLayers.ts'

const layers = {
  gaussianNoise: () => gaussianNoiseLayer({ stddev: 0.5, seed: 1 }),
  gaussianDropout: () => gaussianDropoutLayer({ rate: 0.3, seed: 1 }),
  alphaDropout: () => alphaDropoutLayer({ rate: 0.3, seed: 1 }),
}

beforeAll(async () => {
  await tf.setBackend('cpu')
})

describe.each(Object.entries(layers))('%s', (_name, make) => {
  const batch = () => tf.randomNormal([200, 100], 0, 1, 'float32', 7)

  function run(model: tf.LayersModel, training: boolean): number[] {
    return tf.tidy(() => [...(model.apply(batch(), { training }) as tf.Tensor).dataSync()])
  }

  function build(): tf.LayersModel {
    const input = tf.input({ shape: [100] })
    return tf.model({ inputs: input, outputs: make().apply(input) as tf.SymbolicTensor })
  }

  it('draws the same from the same seed, and other numbers in another step', () => {
    const [first, second] = [build(), build()]
    expect(run(first, true)).toEqual(run(second, true))
    seedRandomLayers(first, seedOfStep(5, 1))
    const stepOne = run(first, true)
    seedRandomLayers(first, seedOfStep(5, 2))
    expect(run(first, true)).not.toEqual(stepOne)
    seedRandomLayers(second, seedOfStep(5, 1))
    expect(run(second, true)).toEqual(stepOne)
  })

  it('leaves a prediction alone', () => {
    expect(run(build(), false)).toEqual([...batch().dataSync()])
  })

  it('keeps the mean', () => {
    const values = run(build(), true)
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 1)
  })
})

describe.each([...Object.entries(layers), ['dropout', () => tf.layers.dropout({ rate: 0.3, seed: 1 })] as const])(
  '%s applied twice',
  (_name, make) => {
    function build() {
      const input = tf.input({ shape: [100] })
      const shared = make()
      const outputs = [shared.apply(input), shared.apply(input)] as tf.SymbolicTensor[]
      return tf.model({ inputs: input, outputs })
    }

    function run(model: tf.LayersModel): number[][] {
      const uses = model.apply(tf.randomNormal([2, 100], 0, 1, 'float32', 7), { training: true }) as tf.Tensor[]
      return uses.map((one) => [...one.dataSync()])
    }

    it('draws twice in a step, the same again from the same seed', () => {
      const [first, second] = [build(), build()]
      for (const model of [first, second]) seedRandomLayers(model, seedOfStep(5, 1))
      const [once, again] = run(first)
      expect(again).not.toEqual(once)
      expect(run(second)).toEqual([once, again])
      seedRandomLayers(first, seedOfStep(5, 1))
      expect(run(first)).toEqual([once, again])
    })

    it('has its own seed back after the training', () => {
      const [first, second] = [build(), build()]
      seedRandomLayers(first, seedOfStep(5, 1))
      run(first)
      forgetSeeds(first)
      expect(run(first)).toEqual(run(second))
    })
  },
)

it('alphaDropout keeps the variance, too', () => {
  const input = tf.input({ shape: [100] })
  const output = alphaDropoutLayer({ rate: 0.3, seed: 1 }).apply(input) as tf.SymbolicTensor
  const model = tf.model({ inputs: input, outputs: output })
  const values = model.apply(tf.randomNormal([200, 100], 0, 1, 'float32', 7), { training: true }) as tf.Tensor
  expect(tf.moments(values).variance.dataSync()[0]).toBeCloseTo(1, 1)
})
