/** What tfjs-node has no kernel for, or refuses, gives what the cpu backend gives. */
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'
import { engineStarts } from '../runtime/engineStarts.ts'

const image = () => tf.range(0, 50, 1).reshape([1, 5, 5, 2]).div(50) as tf.Tensor4D
const filter = () => tf.range(0, 18, 1).reshape([3, 3, 2, 1]).div(18) as tf.Tensor4D
const computations: Readonly<Record<string, () => tf.Tensor[]>> = {
  'a kernel that is missing': () => [tf.image.rotateWithOffset(image(), 0.5)],
  'strides that differ': () => [tf.depthwiseConv2d(image(), filter(), [1, 2], 'valid')],
  'the gradients of dilation': () =>
    tf.grads((x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', 2))([
      image(),
      filter(),
    ]),
}

describe.skipIf(!(await engineStarts('node')))('on node', () => {
  it.each(Object.entries(computations))('%s', async (_, compute) => {
    await startEngine('cpu')
    const wanted = compute().map((tensor) => [...tensor.dataSync()])
    await startEngine('node')
    const found = compute().map((tensor) => [...tensor.dataSync()])
    expect(found).toEqual(wanted.map((values) => values.map((value) => expect.closeTo(value, 4))))
  })
})
