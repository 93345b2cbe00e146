/** Layers that prepare images. */
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { buildModel } from '../../../src/backends/interpret/interpret.ts'
import { analyze } from '../../../src/analyze.ts'
import { formatShape } from '../../../src/language/dims.ts'
import { lowerGraph } from '../../../src/program/lowerGraph.ts'
import { analyzeCase, testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('centerCrop', [
  { options: { height: 4, width: 3 }, input: [8, 7, 2], shape: [4, 3, 2] },
  { options: { height: 8, width: 7 }, input: [8, 7, 2], shape: [8, 7, 2] },
  { options: { height: 4, width: 3 }, input: [null, 7, 2], shape: [4, 3, 2] },
  { options: { height: 4, width: 3 }, input: [8, null, 2], shape: [4, 3, 2] },
])
testRejectedLayers('centerCrop', [
  { options: { height: 9, width: 3 }, input: [8, 7, 2], code: 'shape/size-mismatch', at: 'height' },
  { options: { height: 4, width: 3 }, input: [8, 7], code: 'shape/wrong-rank' },
  { options: { height: 4, width: 8 }, input: [null, 7, 2], code: 'shape/size-mismatch', at: 'width' },
])

testLayer('resizing', [
  { options: { height: 4, width: 3 }, input: [8, 8, 2], shape: [4, 3, 2] },
  { options: { height: 9, width: 9, interpolation: 'nearest' }, input: [8, 7, 2], shape: [9, 9, 2] },
  { options: { height: 4, width: 3 }, input: [null, null, 2], shape: [4, 3, 2] },
])
testRejectedLayers('resizing', [
  { options: { height: 4, width: 3 }, input: [8, 8], code: 'shape/wrong-rank' },
  {
    options: { height: 4, width: 3, cropToAspectRatio: true },
    input: [8, 8, 1],
    code: 'engine/not-implemented',
    at: 'cropToAspectRatio',
  },
])

testLayer('categoryEncoding', [
  { options: { numTokens: 5 }, input: [3], shape: [5], integersBelow: 5 },
  { options: { numTokens: 5, outputMode: 'count' }, input: [3], shape: [5], integersBelow: 5 },
  { options: { numTokens: 5, outputMode: 'oneHot' }, input: [1], shape: [5], integersBelow: 5 },
])
testRejectedLayers('categoryEncoding', [
  { options: { numTokens: 5, outputMode: 'oneHot' }, input: [3], code: 'shape/size-mismatch', at: 'outputMode' },
  { options: { numTokens: 5, outputMode: 'tfIdf' }, input: [3], code: 'engine/not-implemented', at: 'outputMode' },
  { options: { numTokens: 5 }, input: [3, 2], code: 'shape/wrong-rank' },
])

testRejectedLayers('randomWidth', [
  { options: { factor: [0.3, 0.1] }, input: [8, 8, 1], code: 'schema/out-of-range', at: 'factor' },
  { options: { factor: 0.3 }, input: [8, 8], code: 'shape/wrong-rank' },
])

it('randomWidth leaves the width open, and layers may follow it', async () => {
  await tf.setBackend('cpu')
  const text =
    'name: t\nlayers:\n  - input: { shape: [8, 8, 1] }\n  - randomWidth: { factor: 0.5 }\n' +
    '  - conv2d: { filters: 2, kernelSize: 3 }\n  - globalMaxPooling2d\n'
  const { spec, shaped, diagnostics } = analyze(text, 't.yaml')
  expect(diagnostics).toEqual([])
  expect(shaped.nodes.map(({ shape }) => formatShape(shape))).toEqual(['8x8x1', "8xW'x1", "6xW'-2x2", '2'])
  const predicted = buildModel(lowerGraph(spec, shaped), 1).predict(tf.ones([3, 8, 8, 1])) as tf.Tensor
  expect(predicted.shape).toEqual([3, 2])
})

it('layers may follow resizing and categoryEncoding', async () => {
  await tf.setBackend('cpu')
  for (const [shape, layer, next] of [
    ['[8, 6, 1]', 'resizing: { height: 4, width: 4 }', 'conv2d: { filters: 2, kernelSize: 3 }'],
    ['[3]', 'categoryEncoding: { numTokens: 5 }', 'dense: { units: 2 }'],
  ]) {
    const text = `name: t\nlayers:\n  - input: { shape: ${shape} }\n  - ${layer}\n  - ${next}\n`
    const { spec, shaped } = analyze(text, 't.yaml')
    const model = buildModel(lowerGraph(spec, shaped), 1)
    const predicted = model.predict(tf.ones([2, ...(JSON.parse(shape!) as number[])])) as tf.Tensor
    expect(predicted.shape.at(-1)).toBe(2)
  }
})

it('centerCrop takes the middle, value by value', async () => {
  await tf.setBackend('cpu')
  const { spec, shaped } = analyzeCase('centerCrop', { options: { height: 2, width: 2 }, input: [4, 5, 1] })
  const model = buildModel(lowerGraph(spec, shaped), 1)
  const cropped = model.predict(tf.range(0, 20).reshape([1, 4, 5, 1])) as tf.Tensor
  expect([...cropped.dataSync()]).toEqual([6, 7, 11, 12])
})
