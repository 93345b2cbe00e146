/** Pooling and padding. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

for (const type of ['maxPooling2d', 'averagePooling2d']) {
  testLayer(type, [
    { input: [28, 28, 3], shape: [14, 14, 3], flops: 2352 },
    { options: { poolSize: 2 }, input: [32, 32, 4], shape: [16, 16, 4] },
    { options: { poolSize: 3, strides: 1 }, input: [7, 7, 1], shape: [5, 5, 1] },
    { options: { poolSize: 3, strides: 2 }, input: [7, 7, 1], shape: [3, 3, 1] },
    { options: { poolSize: 2 }, input: [7, 5, 2], shape: [3, 2, 2] },
    { options: { poolSize: 2, padding: 'same' }, input: [7, 5, 2], shape: [4, 3, 2] },
    { options: { poolSize: [2, 3], strides: [1, 2] }, input: [6, 9, 2], shape: [5, 4, 2] },
    { options: { poolSize: 2 }, input: [null, null, 2], shape: [null, null, 2] },
  ])
  testRejectedLayers(type, [
    { input: [16], code: 'shape/wrong-rank' },
    { options: { poolSize: 3 }, input: [2, 2, 8], code: 'shape/kernel-exceeds-input', at: 'poolSize' },
    { options: { poolSize: [1, 3] }, input: [2, 2, 8], code: 'shape/kernel-exceeds-input', at: 'poolSize' },
  ])
}

testLayer('globalAveragePooling2d', [
  { input: [7, 5, 3], shape: [3] },
  { input: [null, null, 3], shape: [3] },
])
testRejectedLayers('globalAveragePooling2d', [{ input: [9], code: 'shape/wrong-rank' }])

testLayer('zeroPadding2d', [
  { input: [7, 7, 1], shape: [9, 9, 1] },
  { options: { padding: 2 }, input: [5, 4, 2], shape: [9, 8, 2] },
  { options: { padding: [1, 2] }, input: [5, 4, 2], shape: [7, 8, 2] },
  {
    options: {
      padding: [
        [1, 0],
        [2, 3],
      ],
    },
    input: [5, 4, 2],
    shape: [6, 9, 2],
  },
  { options: { padding: 0 }, input: [5, 4, 2], shape: [5, 4, 2] },
  { input: [null, 4, 2], shape: [null, 6, 2] },
])
testRejectedLayers('zeroPadding2d', [{ input: [9], code: 'shape/wrong-rank' }])
