/** Pooling of sequences and volumes, global pooling, and channels first. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

for (const type of ['maxPooling1d', 'averagePooling1d']) {
  testLayer(type, [
    { input: [9, 2], shape: [4, 2], flops: 16 },
    { options: { poolSize: 3, strides: 1, padding: 'same' }, input: [9, 2], shape: [9, 2] },
    { options: { poolSize: [2], strides: [3] }, input: [9, 2], shape: [3, 2] },
    { input: [null, 2], shape: [null, 2] },
  ])
  testRejectedLayers(type, [
    { input: [9], code: 'shape/wrong-rank' },
    { options: { poolSize: 4 }, input: [3, 2], code: 'shape/kernel-exceeds-input', at: 'poolSize' },
    { options: { dataFormat: 'channelsFirst' }, input: [3, 2], code: 'schema/unknown-key', at: 'dataFormat' },
  ])
}

testLayer('minPooling2d', [
  { input: [6, 9, 2], shape: [3, 4, 2], flops: 96 },
  { options: { poolSize: 3, strides: [1, 2], padding: 'same' }, input: [6, 9, 2], shape: [6, 5, 2], flops: 540 },
  { options: { poolSize: [2, 3] }, input: [null, 9, 2], shape: [null, 3, 2] },
])
testRejectedLayers('minPooling2d', [
  { input: [9], code: 'shape/wrong-rank' },
  { options: { poolSize: 4 }, input: [3, 9, 2], code: 'shape/kernel-exceeds-input', at: 'poolSize' },
  { options: { padding: 'full' }, input: [6, 9, 2], code: 'schema/unknown-value', at: 'padding' },
])

for (const type of ['maxPooling2d', 'minPooling2d', 'averagePooling2d']) {
  testLayer(type, [{ options: { dataFormat: 'channelsFirst' }, input: [3, 6, 9], shape: [3, 3, 4] }])
}

for (const type of ['maxPooling3d', 'averagePooling3d']) {
  testLayer(type, [
    { input: [5, 4, 6, 2], shape: [2, 2, 3, 2], flops: 192 },
    {
      options: { poolSize: [2, 3, 2], strides: [1, 2, 2], padding: 'same', dataFormat: 'channelsFirst' },
      input: [2, 5, 4, 6],
      shape: [2, 5, 2, 3],
    },
    { input: [null, 4, 4, 1], shape: [null, 2, 2, 1] },
  ])
  testRejectedLayers(type, [
    { input: [9, 9, 1], code: 'shape/wrong-rank' },
    { options: { poolSize: 4 }, input: [9, 3, 9, 1], code: 'shape/kernel-exceeds-input', at: 'poolSize' },
  ])
}

for (const type of ['globalMaxPooling1d', 'globalAveragePooling1d']) {
  testLayer(type, [
    { input: [9, 2], shape: [2], flops: 18 },
    { input: [null, 2], shape: [2] },
  ])
  testRejectedLayers(type, [{ input: [9, 9, 1], code: 'shape/wrong-rank' }])
}

for (const type of ['globalMaxPooling2d', 'globalAveragePooling2d']) {
  testLayer(type, [
    { input: [7, 5, 3], shape: [3] },
    { options: { dataFormat: 'channelsFirst' }, input: [2, 7, 5], shape: [2] },
  ])
  testRejectedLayers(type, [{ input: [9], code: 'shape/wrong-rank' }])
}
