/** Normalization without a factor or an offset acts, and is trained through, as the stock layer whose factor is 1 and offset 0. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchNormalizationLayer, layerNormalizationLayer } from '../../src/parts/layers/batchNormalization.run.ts'

beforeAll(async () => {
  await tf.setBackend('cpu')
})

const lacking = [{ scale: false }, { center: false }, { scale: false, center: false }]
const layers = [
  ...lacking.map((options) => ['batchNormalization', options, [6, 4]] as const),
  ...lacking.map((options) => ['layerNormalization', options, [6, 4]] as const),
  ['batchNormalization', { scale: false }, [5, 5, 3]] as const,
  ['layerNormalization', { scale: false, axis: [1, 2] }, [6, 4]] as const,
]

describe.each(layers)('%s %j on %j', (type, options, shape) => {
  const mended = () =>
    type === 'batchNormalization'
      ? batchNormalizationLayer(options as { scale: boolean })
      : layerNormalizationLayer(options as { scale: boolean })
  const stock = () => {
    const { axis } = options as { axis?: number[] }
    return axis ? tf.layers.layerNormalization({ axis }) : tf.layers[type]({})
  }
  const batch = () => tf.randomNormal([3, ...shape], 2, 3, 'float32', 7)

  /** What comes out, the gradient of its sum of cubes by the input, and what comes out in prediction afterwards. */
  function run(layer: tf.layers.Layer): number[][] {
    const input = tf.input({ shape: [...shape] })
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor })
    return tf.tidy(() => {
      const trained = (values: tf.Tensor) => model.apply(values, { training: true }) as tf.Tensor
      const gradient = tf.grad((values) => trained(values).pow(3).sum())(batch())
      return [trained(batch()), gradient, model.predict(batch()) as tf.Tensor].map((one) => [...one.dataSync()])
    })
  }

  it('is trained through', () => {
    const [ours, theirs] = [run(mended()), run(stock())]
    for (const [index, values] of theirs.entries())
      for (const [place, value] of values.entries()) expect(ours[index]![place]).toBeCloseTo(value, 4)
  })

  it('has only the weights that it learns, and says so where it is saved', () => {
    const layer = mended()
    layer.apply(tf.input({ shape: [...shape] }))
    const { scale = true, center = true } = options as { scale?: boolean; center?: boolean }
    expect(layer.trainableWeights).toHaveLength(Number(scale) + Number(center))
    expect(layer.getConfig()).toMatchObject({ scale, center })
  })
})
