/** Layers that prepare images. */
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { analyzeCase, testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('centerCrop', [
  { options: { height: 4, width: 3 }, input: [8, 7, 2], shape: [4, 3, 2] },
  { options: { height: 8, width: 7 }, input: [8, 7, 2], shape: [8, 7, 2] },
])
testRejectedLayers('centerCrop', [
  { options: { height: 9, width: 3 }, input: [8, 7, 2], code: 'shape/size-mismatch', at: 'height' },
  { options: { height: 4, width: 3 }, input: [null, 7, 2], code: 'shape/unknown-size' },
  { options: { height: 4, width: 3 }, input: [8, 7], code: 'shape/wrong-rank' },
])

it('centerCrop takes the middle, value by value', async () => {
  await tf.setBackend('cpu')
  const { spec, shaped } = analyzeCase('centerCrop', { options: { height: 2, width: 2 }, input: [4, 5, 1] })
  const model = buildModel(lowerGraph(spec, shaped), 1)
  const cropped = model.predict(tf.range(0, 20).reshape([1, 4, 5, 1])) as tf.Tensor
  expect([...cropped.dataSync()]).toEqual([6, 7, 11, 12])
})
