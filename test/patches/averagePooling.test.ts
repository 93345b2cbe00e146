import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { fixGradients } from '../../src/patches/fixGradients.ts'
import { engineStarts } from '../runtime/engineStarts.ts'

const hasNode = await engineStarts('node')
beforeAll(fixGradients)

/** Of the outputs times 0, 1, 2, …, so that no two windows count as much. */
async function gradientOn(
  backend: 'cpu' | 'tensorflow',
  [height, width]: readonly number[],
  pool: number,
  strides: number,
) {
  await tf.setBackend(backend)
  return tf.tidy(() => {
    const images = tf.randomUniform([2, height!, width!, 3], 0, 1, 'float32', 7)
    const weighted = (at: tf.Tensor) => {
      const averages = tf.avgPool(at as tf.Tensor4D, pool, strides, 'same')
      return averages.mul(tf.range(0, averages.size).reshape(averages.shape)).sum()
    }
    return Array.from(tf.grad(weighted)(images).dataSync())
  })
}

describe.skipIf(!hasNode)('the gradient of average pooling on the native engine is that of cpu', () => {
  it.each<[string, readonly number[], number, number]>([
    ['windows within the image', [6, 4], 3, 2],
    ['windows as large as the image', [4, 4], 4, 1],
    ['windows higher than the image', [2, 6], 5, 3],
    ['windows larger than the image', [4, 6], 7, 3],
    ['windows that do not overlap, larger than the image', [1, 2], 3, 3],
  ])('%s', async (_what, size, pool, strides) => {
    const want = await gradientOn('cpu', size, pool, strides)
    const found = await gradientOn('tensorflow', size, pool, strides)
    expect(found).toHaveLength(want.length)
    for (const [place, value] of found.entries()) expect(value).toBeCloseTo(want[place]!, 3)
  })
})
