/** Convolutions. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('conv2d', [
  { options: { filters: 1, kernelSize: 3 }, input: [7, 7, 1], shape: [5, 5, 1], params: 10, flops: 450 },
  { options: { filters: 1, kernelSize: 3, strides: 2 }, input: [7, 7, 1], shape: [3, 3, 1], params: 10 },
  { options: { filters: 1, kernelSize: 3 }, input: [9, 9, 1], shape: [7, 7, 1], params: 10 },
  { options: { filters: 1, kernelSize: 7 }, input: [7, 7, 1], shape: [1, 1, 1], params: 50 },
  {
    options: { filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' },
    input: [28, 28, 1],
    shape: [28, 28, 32],
    params: 320,
    flops: 451_584,
  },
  {
    options: { filters: 4, kernelSize: [3, 5], strides: [2, 1], useBias: false },
    input: [10, 12, 3],
    shape: [4, 8, 4],
    params: 180,
  },
  {
    options: { filters: 2, kernelSize: 3, padding: 'same', strides: 2 },
    input: [7, 8, 2],
    shape: [4, 4, 2],
    params: 38,
  },
  {
    options: { filters: 2, kernelSize: 3, dilationRate: 2 },
    input: [9, 9, 1],
    shape: [5, 5, 2],
    params: 20,
  },
  { options: { filters: 3, kernelSize: 2 }, input: [null, null, 3], shape: [null, null, 3], params: 39 },
  { options: { filters: 3, kernelSize: 2, padding: 'same' }, input: [null, 6, 3], shape: [null, 6, 3], params: 39 },
  {
    options: { filters: 2, kernelSize: 1, trainable: false },
    input: [4, 4, 3],
    shape: [4, 4, 2],
    params: 8,
    trainableParams: 0,
  },
  {
    options: { filters: 2, kernelSize: 3, kernelInitializer: 'heNormal', kernelRegularizer: { l2: { l2: 0.1 } } },
    input: [4, 4, 1],
    shape: [2, 2, 2],
    params: 20,
  },
  {
    options: { filters: 2, kernelSize: 3, kernelConstraint: { maxNorm: { maxValue: 1 } }, biasInitializer: 'ones' },
    input: [4, 4, 1],
    shape: [2, 2, 2],
    params: 20,
  },
])

testRejectedLayers('conv2d', [
  { options: { filters: 2, kernelSize: 3 }, input: [10], code: 'shape/wrong-rank' },
  { options: { filters: 2, kernelSize: 3 }, input: [2, 10, 10, 3], code: 'shape/wrong-rank' },
  {
    options: { filters: 2, kernelSize: 5 },
    input: [4, 9, 1],
    code: 'shape/kernel-exceeds-input',
    at: 'kernelSize',
    message: '⌊(4 - 5) / 1⌋ + 1 = 0',
  },
  {
    options: { filters: 2, kernelSize: 3, dilationRate: 2 },
    input: [4, 4, 1],
    code: 'shape/kernel-exceeds-input',
    at: 'kernelSize',
  },
  {
    options: { filters: 2, kernelSize: 3, strides: 2, dilationRate: 2 },
    input: [9, 9, 1],
    code: 'shape/strides-with-dilation',
    at: 'dilationRate',
  },
  { options: { filters: 2, kernelSize: 3 }, input: [9, 9, null], code: 'shape/unknown-size' },
])
