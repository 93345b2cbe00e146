/** Layers of several inputs. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

const pair = (left: (number | null)[], right: (number | null)[]) => [left, right]

for (const type of ['add', 'average', 'multiply', 'maximum', 'minimum']) {
  testLayer(type, [
    { input: pair([4, 3], [4, 3]), shape: [4, 3], flops: 12 },
    {
      input: [
        [4, 3],
        [4, 3],
        [1, 3],
      ],
      shape: [4, 3],
    },
    { input: pair([4, 3], [4, 1]), shape: [4, 3] },
    { input: pair([4, 4, 3], [3]), shape: [4, 4, 3] },
    { input: pair([null, 3], [null, 3]), shape: [null, 3] },
    { input: pair([null, 3], [1, 3]), shape: [null, 3] },
  ])
  testRejectedLayers(type, [
    { input: pair([4, 3], [4, 5]), code: 'shape/incompatible-inputs', at: 'inputs', message: '4x3 and 4x5' },
    { input: pair([4, 3], [4, 3, 1, 2]), code: 'shape/incompatible-inputs', at: 'inputs' },
    { input: [4, 3], code: 'graph/wrong-arity' },
  ])
}

testLayer('concatenate', [
  { input: pair([4, 3], [4, 5]), shape: [4, 8] },
  { options: { axis: 1 }, input: pair([4, 3], [2, 3]), shape: [6, 3] },
  {
    options: { axis: -2 },
    input: [
      [4, 3],
      [2, 3],
      [1, 3],
    ],
    shape: [7, 3],
  },
  { input: pair([null, 3], [null, 5]), shape: [null, 8] },
  { options: { axis: 1 }, input: pair([null, 3], [5, 3]), shape: [null, 3] },
])
testRejectedLayers('concatenate', [
  { input: pair([4, 3], [5, 3]), code: 'shape/incompatible-inputs' },
  { input: pair([4, 3], [4]), code: 'shape/incompatible-inputs' },
  { options: { axis: 0 }, input: pair([4, 3], [4, 3]), code: 'shape/bad-axis', at: 'axis' },
  { options: { axis: 3 }, input: pair([4, 3], [4, 3]), code: 'shape/bad-axis', at: 'axis' },
  { input: [4], code: 'graph/wrong-arity' },
])

testLayer('dot', [
  { options: { axes: 1 }, input: pair([4], [4]), shape: [1], flops: 8 },
  { options: { axes: -1, normalize: true }, input: pair([4], [4]), shape: [1] },
  { options: { axes: 2 }, input: pair([3, 4], [5, 4]), shape: [3, 5], flops: 120 },
  { options: { axes: [2, 1] }, input: pair([3, 4], [4, 5]), shape: [3, 5] },
  { options: { axes: [2, 1] }, input: pair([3, 4], [4]), shape: [3] },
  { options: { axes: 1 }, input: pair([3, 4], [3]), shape: [4] },
  { options: { axes: [1, 2] }, input: pair([4], [3, 4]), shape: [3] },
  { options: { axes: [-1, -2] }, input: pair([3, 4], [4, 5]), shape: [3, 5] },
  { options: { axes: 2 }, input: pair([null, 4], [null, 4]), shape: [null, null] },
])
testRejectedLayers('dot', [
  { options: { axes: 1 }, input: pair([3, 4], [5, 4]), code: 'shape/incompatible-inputs', at: 'axes' },
  { options: { axes: 3 }, input: pair([3, 4], [3, 4]), code: 'shape/bad-axis', at: 'axes' },
  { options: { axes: 0 }, input: pair([3], [3]), code: 'shape/bad-axis', at: 'axes' },
  { options: { axes: 1 }, input: pair([3, 4, 2], [3, 4]), code: 'shape/wrong-rank' },
  { options: { axes: 1 }, input: [4], code: 'graph/wrong-arity' },
])
