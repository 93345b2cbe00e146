import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { maskingLayer } from '../../../src/parts/layers/elementwise.run.ts'
import { startNodeEngine } from '../../../src/runtime/engines/nodeEngine.ts'
import { engineStarts } from '../engineStarts.ts'

const works = await engineStarts('node')

it.skipIf(!works)('differentiates relu in one operation, and twice', async () => {
  await startNodeEngine()
  const x = tf.tensor1d([-2, -0, 0, 1e-30, 3])
  const dy = tf.tensor1d([1, 2, 3, 4, 5])
  const gradient = tf.grad((at) => tf.relu(at))
  const { kernelNames } = await tf.profile(() => gradient(x, dy))
  expect(kernelNames).toContain('ReluGrad')
  expect(kernelNames).not.toContain('Step')
  expect([...gradient(x, dy).dataSync()]).toEqual([0, 0, 0, 4, 5])
  const twice = tf.grad((at) => tf.sum(tf.square(tf.grad((inner) => tf.square(tf.relu(inner)))(at))))
  // The square of 2x, differentiated: 8x, where x is above 0.
  expect([...twice(x).dataSync()]).toEqual([0, 0, 0, Math.fround(8e-30), 24])
})

it.skipIf(!works)('differentiates what is masked after its values are disposed', async () => {
  await startNodeEngine()
  const layer = maskingLayer({ maskValue: 0 })
  const x = tf.tensor3d([1, 2, 0, 0], [1, 2, 2])
  const gradient = tf.grad((at) => tf.sum(tf.square(layer.apply(tf.tidy(() => tf.mul(at, 3))) as tf.Tensor)))
  expect([...gradient(x).dataSync()]).toEqual([18, 36, 0, 0])
})
