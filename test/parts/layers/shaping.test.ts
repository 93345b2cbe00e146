/** Layers that move values about: reshape, permute, repeatVector, cropping, upsampling. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('reshape', [
  { options: { targetShape: [28, 28, 1] }, input: [784], shape: [28, 28, 1] },
  { options: { targetShape: [2, -1] }, input: [4, 3], shape: [2, 6] },
  { options: { targetShape: [null, 3] }, input: [4, 3, 2], shape: [8, 3] },
  { options: { targetShape: [-1] }, input: [4, 3], shape: [12] },
  { options: { targetShape: [-1, 3, 1] }, input: [null, 3], shape: [null, 3, 1] },
  { options: { targetShape: [-1, 2] }, input: [null, 4], shape: [null, 2] },
])
testRejectedLayers('reshape', [
  {
    options: { targetShape: [10, 10] },
    input: [784],
    code: 'shape/size-mismatch',
    at: 'targetShape',
    message: '784 values, but 10x10 has 100',
  },
  { options: { targetShape: [-1, 5] }, input: [4, 3], code: 'shape/size-mismatch', at: 'targetShape' },
  { options: { targetShape: [-1, -1] }, input: [4, 3], code: 'shape/unknown-size', at: 'targetShape' },
  { options: { targetShape: [6, 2] }, input: [null, 3], code: 'shape/unknown-size', at: 'targetShape' },
  { options: { targetShape: [0, 3] }, input: [4, 3], code: 'schema/out-of-range' },
])

testLayer('permute', [
  { options: { dims: [3, 1, 2] }, input: [4, 3, 2], shape: [2, 4, 3] },
  { options: { dims: [2, 1] }, input: [null, 3], shape: [3, null] },
  { options: { dims: [1] }, input: [3], shape: [3] },
])
testRejectedLayers('permute', [
  { options: { dims: [1, 1] }, input: [4, 3], code: 'shape/bad-axis', at: 'dims' },
  { options: { dims: [2, 1] }, input: [4, 3, 2], code: 'shape/bad-axis', at: 'dims' },
  { options: { dims: [1, 3] }, input: [4, 3], code: 'shape/bad-axis', at: 'dims' },
])

testLayer('repeatVector', [
  { options: { n: 3 }, input: [4], shape: [3, 4] },
  { options: { n: 1 }, input: [4], shape: [1, 4] },
])
testRejectedLayers('repeatVector', [
  { options: { n: 3 }, input: [4, 2], code: 'shape/wrong-rank' },
  { options: { n: 0 }, input: [4], code: 'schema/out-of-range', at: 'n' },
])

testLayer('cropping2D', [
  { options: { cropping: 1 }, input: [8, 7, 2], shape: [6, 5, 2] },
  { options: { cropping: [2, 1] }, input: [8, 7, 2], shape: [4, 5, 2] },
  {
    options: {
      cropping: [
        [1, 2],
        [0, 1],
      ],
    },
    input: [8, 7, 2],
    shape: [5, 6, 2],
  },
  { options: { cropping: 1, dataFormat: 'channelsFirst' }, input: [2, 8, 7], shape: [2, 6, 5] },
  { options: { cropping: 1 }, input: [null, 7, 2], shape: [null, 5, 2] },
  { options: { cropping: [0, 1], dataFormat: 'channelsFirst' }, input: [2, 8, null], shape: [2, 8, null] },
])
testRejectedLayers('cropping2D', [
  {
    options: { cropping: 4 },
    input: [8, 9, 2],
    code: 'shape/falls-to-zero',
    at: 'cropping',
    message: '8 - 4 - 4 = 0',
  },
  { options: { cropping: 1 }, input: [8, 9], code: 'shape/wrong-rank' },
])

testLayer('upSampling2d', [
  { input: [4, 5, 2], shape: [8, 10, 2] },
  { options: { size: 3 }, input: [4, 5, 2], shape: [12, 15, 2] },
  { options: { size: [1, 2], interpolation: 'bilinear' }, input: [4, 4, 2], shape: [4, 8, 2] },
  { options: { size: [2, 3], dataFormat: 'channelsFirst' }, input: [2, 4, 5], shape: [2, 8, 15] },
  { input: [null, 5, 2], shape: [null, 10, 2] },
])
testRejectedLayers('upSampling2d', [{ input: [4, 5], code: 'shape/wrong-rank' }])
