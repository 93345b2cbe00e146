/** Convolutions of one and three axes, transposed, separable and depthwise ones. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('conv1d', [
  { options: { filters: 4, kernelSize: 3 }, input: [10, 3], shape: [8, 4], params: 40, flops: 576 },
  { options: { filters: 4, kernelSize: [3], strides: 2, padding: 'same' }, input: [9, 3], shape: [5, 4], params: 40 },
  { options: { filters: 2, kernelSize: 3, dilationRate: 2 }, input: [9, 1], shape: [5, 2], params: 8 },
  { options: { filters: 2, kernelSize: 4, useBias: false }, input: [null, 3], shape: [null, 2], params: 24 },
  { options: { filters: 2, kernelSize: 3, padding: 'causal' }, input: [9, 3], shape: [9, 2], params: 20 },
  { options: { filters: 2, kernelSize: 3, padding: 'causal', strides: 2 }, input: [9, 3], shape: [5, 2], params: 20 },
  {
    options: { filters: 2, kernelSize: 9, padding: 'causal', dilationRate: 2 },
    input: [4, 1],
    shape: [4, 2],
    params: 20,
  },
  { options: { filters: 2, kernelSize: 3, padding: 'causal' }, input: [null, 3], shape: [null, 2], params: 20 },
  { options: { filters: 2, kernelSize: 3, dataFormat: 'channelsFirst' }, input: [3, 9], shape: [2, 7], params: 20 },
  {
    options: { filters: 2, kernelSize: 3, dataFormat: 'channelsFirst', padding: 'causal', strides: 2 },
    input: [3, 9],
    shape: [2, 5],
    params: 20,
  },
  { options: { filters: 2, kernelSize: 3, activityRegularizer: 'l2' }, input: [9, 3], shape: [7, 2], params: 20 },
])
testRejectedLayers('conv1d', [
  { options: { filters: 2, kernelSize: 3 }, input: [28, 28, 1], code: 'shape/wrong-rank' },
  { options: { filters: 2, kernelSize: 3 }, input: [28], code: 'shape/wrong-rank' },
  { options: { filters: 2, kernelSize: 5 }, input: [4, 2], code: 'shape/kernel-exceeds-input', at: 'kernelSize' },
  {
    options: { filters: 2, kernelSize: 3, strides: 2, dilationRate: 2 },
    input: [9, 1],
    code: 'shape/strides-with-dilation',
    at: 'dilationRate',
  },
])

testLayer('conv3d', [
  { options: { filters: 4, kernelSize: 3 }, input: [6, 5, 4, 2], shape: [4, 3, 2, 4], params: 220, flops: 10_368 },
  {
    options: { filters: 2, kernelSize: [1, 2, 3], strides: [2, 1, 1], padding: 'same' },
    input: [5, 4, 3, 1],
    shape: [3, 4, 3, 2],
    params: 14,
  },
  {
    options: { filters: 2, kernelSize: 2, dataFormat: 'channelsFirst' },
    input: [3, 4, 5, 6],
    shape: [2, 3, 4, 5],
    params: 50,
  },
  {
    options: { filters: 2, kernelSize: 2, dilationRate: 2 },
    input: [4, 4, 5, 1],
    shape: [2, 2, 3, 2],
    params: 18,
  },
  { options: { filters: 2, kernelSize: 2 }, input: [null, 4, 4, 1], shape: [null, 3, 3, 2], params: 18 },
  {
    options: { filters: 2, kernelSize: 1, strides: 3, padding: 'same' },
    input: [6, 6, 6, 1],
    shape: [2, 2, 2, 2],
    params: 4,
  },
  {
    options: { filters: 2, kernelSize: 1, strides: 3, padding: 'same', dataFormat: 'channelsFirst' },
    input: [1, 6, null, 4],
    shape: [2, 2, null, 2],
    params: 4,
  },
])
testRejectedLayers('conv3d', [
  { options: { filters: 2, kernelSize: 3 }, input: [9, 9, 1], code: 'shape/wrong-rank' },
  { options: { filters: 2, kernelSize: 3 }, input: [9, 9, 2, 1], code: 'shape/kernel-exceeds-input', at: 'kernelSize' },
])

testLayer('conv2d', [
  {
    options: { filters: 4, kernelSize: [3, 2], dataFormat: 'channelsFirst' },
    input: [2, 7, 6],
    shape: [4, 5, 5],
    params: 52,
  },
])

testLayer('separableConv2d', [
  {
    options: { filters: 1, kernelSize: 3, dataFormat: 'channelsFirst' },
    input: [3, 8, 7],
    shape: [1, 6, 5],
    params: 31,
  },
  { options: { filters: 4, kernelSize: 3 }, input: [8, 7, 3], shape: [6, 5, 4], params: 43, flops: 2340 },
  {
    options: { filters: 4, kernelSize: [3, 2], depthMultiplier: 2, strides: 2, padding: 'same' },
    input: [8, 7, 3],
    shape: [4, 4, 4],
    params: 64,
  },
  { options: { filters: 4, kernelSize: 3, strides: [2, 1] }, input: [8, 7, 3], shape: [3, 5, 4], params: 43 },
  {
    options: { filters: 4, kernelSize: 3, dilationRate: 2 },
    input: [8, 7, 3],
    shape: [4, 3, 4],
    params: 43,
  },
  {
    options: { filters: 2, kernelSize: 3, dataFormat: 'channelsFirst', pointwiseInitializer: 'zeros' },
    input: [3, 9, 9],
    shape: [2, 7, 7],
    params: 35,
  },
  {
    options: { filters: 2, kernelSize: 3, pointwiseInitializer: 'zeros' },
    input: [9, 9, 3],
    shape: [7, 7, 2],
    params: 35,
  },
  {
    options: { filters: 4, kernelSize: 3, dataFormat: 'channelsFirst', useBias: false },
    input: [3, 8, 7],
    shape: [4, 6, 5],
    params: 39,
  },
  {
    options: { filters: 2, kernelSize: 3, depthwiseInitializer: 'heNormal', pointwiseRegularizer: 'l2' },
    input: [null, null, 1],
    shape: [null, null, 2],
    params: 13,
  },
])
testRejectedLayers('separableConv2d', [
  { options: { filters: 2, kernelSize: 3 }, input: [9, 9], code: 'shape/wrong-rank' },
  {
    options: { filters: 2, kernelSize: 3, kernelInitializer: 'zeros' },
    input: [9, 9, 3],
    code: 'schema/unknown-key',
    at: 'kernelInitializer',
  },
])

testLayer('depthwiseConv2d', [
  { options: { kernelSize: 3 }, input: [8, 7, 3], shape: [6, 5, 3], params: 30, flops: 1620 },
  {
    options: { kernelSize: [3, 2], depthMultiplier: 2, strides: [2, 1], padding: 'same' },
    input: [8, 7, 3],
    shape: [4, 7, 6],
    params: 42,
  },
  {
    options: { kernelSize: 3, dataFormat: 'channelsFirst', useBias: false },
    input: [3, 8, 7],
    shape: [3, 6, 5],
    params: 27,
  },
  { options: { kernelSize: 3, dilationRate: 2 }, input: [9, 8, 3], shape: [5, 4, 3], params: 30 },
  {
    options: { kernelSize: 3, dilationRate: [1, 2], padding: 'same' },
    input: [9, null, 3],
    shape: [9, null, 3],
    params: 30,
  },
])
testRejectedLayers('depthwiseConv2d', [
  { options: { kernelSize: 3 }, input: [9, 9, null], code: 'shape/unknown-size' },
  {
    options: { kernelSize: 3, dilationRate: 2, strides: 2 },
    input: [9, 9, 3],
    code: 'shape/strides-with-dilation',
    at: 'dilationRate',
  },
])

testLayer('conv2dTranspose', [
  { options: { filters: 4, kernelSize: 3, strides: 2 }, input: [6, 5, 2], shape: [13, 11, 4], params: 76, flops: 4320 },
  {
    options: { filters: 4, kernelSize: [3, 2], strides: [2, 3], padding: 'same' },
    input: [6, 5, 2],
    shape: [12, 15, 4],
    params: 52,
  },
  { options: { filters: 1, kernelSize: 1, strides: 3 }, input: [4, 4, 2], shape: [12, 12, 1], params: 3 },
  {
    options: { filters: 4, kernelSize: 3, strides: 2, dataFormat: 'channelsFirst' },
    input: [2, 6, 5],
    shape: [4, 13, 11],
    params: 76,
  },
  { options: { filters: 1, kernelSize: 2, strides: 2 }, input: [null, 4, 2], shape: [null, 8, 1], params: 9 },
  { options: { filters: 2, kernelSize: 3, dilationRate: 2 }, input: [9, 8, 3], shape: [13, 12, 2], params: 56 },
  {
    options: { filters: 2, kernelSize: 3, dilationRate: [1, 3], padding: 'same', dataFormat: 'channelsFirst' },
    input: [3, 4, null],
    shape: [2, 4, null],
    params: 56,
  },
])
testRejectedLayers('conv2dTranspose', [
  { options: { filters: 2, kernelSize: 3 }, input: [9], code: 'shape/wrong-rank' },
  {
    options: { filters: 2, kernelSize: 3, dilationRate: 2, strides: [1, 2] },
    input: [9, 9, 3],
    code: 'shape/strides-with-dilation',
    at: 'dilationRate',
  },
])

testLayer('conv3dTranspose', [
  {
    options: { filters: 4, kernelSize: 3, strides: 2 },
    input: [3, 4, 2, 2],
    shape: [7, 9, 5, 4],
    params: 220,
  },
  {
    options: { filters: 2, kernelSize: 2, strides: [1, 2, 3], padding: 'same', dataFormat: 'channelsFirst' },
    input: [1, 3, 4, 2],
    shape: [2, 3, 8, 6],
    params: 18,
  },
])
