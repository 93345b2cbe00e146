/** Activations as layers, noise, masking, layer normalization, rescaling. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('reLU', [
  { input: [4, 3], shape: [4, 3], flops: 12 },
  { options: { maxValue: 6 }, input: [null, 3], shape: [null, 3] },
])
testLayer('leakyReLU', [
  { input: [4], shape: [4] },
  { options: { alpha: 0.1 }, input: [4], shape: [4] },
])
testLayer('elu', [
  { input: [4], shape: [4] },
  { options: { alpha: 1 }, input: [4], shape: [4] },
  { options: { alpha: 0.5 }, input: [4, null], shape: [4, null] },
])
testLayer('thresholdedReLU', [{ options: { theta: 0.5 }, input: [4], shape: [4] }])
testLayer('prelu', [
  { input: [4, 3], shape: [4, 3], params: 12 },
  { options: { sharedAxes: [1, 2] }, input: [4, 4, 3], shape: [4, 4, 3], params: 3 },
  { options: { sharedAxes: 1, alphaInitializer: 'ones' }, input: [null, 3], shape: [null, 3], params: 3 },
])
testRejectedLayers('prelu', [
  { input: [null, 3], code: 'shape/unknown-size' },
  { options: { sharedAxes: [3] }, input: [4, 3], code: 'shape/bad-axis', at: 'sharedAxes' },
])
testLayer('softmax', [
  { input: [4], shape: [4] },
  { options: { axis: -1 }, input: [4, 3], shape: [4, 3] },
  { options: { axis: [2] }, input: [4, 3], shape: [4, 3] },
  { input: [4, 3], shape: [4, 3] },
  { options: { axis: [-2] }, input: [4, 3, 2], shape: [4, 3, 2] },
  { options: { axis: 1 }, input: [4, 3, 2, 2], shape: [4, 3, 2, 2] },
  { options: { axis: [1, 2] }, input: [4, 3], shape: [4, 3] },
])
testRejectedLayers('softmax', [{ options: { axis: 4 }, input: [4, 3], code: 'shape/bad-axis', at: 'axis' }])

testLayer('layerNormalization', [
  { input: [8], shape: [8], params: 16 },
  { input: [4, 3], shape: [4, 3], params: 6 },
  { options: { axis: 1 }, input: [4, 3], shape: [4, 3], params: 8 },
  { options: { axis: [1, 2] }, input: [4, 3, 2], shape: [4, 3, 2], params: 24 },
  { options: { axis: [-1, -2], epsilon: 0.1 }, input: [4, 3], shape: [4, 3], params: 24 },
  { options: { center: false }, input: [4, 3], shape: [4, 3], params: 3 },
  { options: { scale: false }, input: [4, 3], shape: [4, 3], params: 3 },
  { input: [null, 3], shape: [null, 3], params: 6 },
  { input: [4, 3, 2, 2], shape: [4, 3, 2, 2], params: 4 },
  { options: { axis: [1, 3], scale: false }, input: [4, 3, 2, 2], shape: [4, 3, 2, 2], params: 8 },
  { options: { axis: 1, center: false, scale: false }, input: [null, 3], shape: [null, 3], params: 0 },
])
testRejectedLayers('layerNormalization', [
  { options: { axis: 0 }, input: [4, 3], code: 'shape/bad-axis', at: 'axis' },
  { options: { axis: [1, 1] }, input: [4, 3], code: 'shape/bad-axis', at: 'axis' },
  { options: { axis: [2, -1] }, input: [4, 3], code: 'shape/bad-axis', at: 'axis' },
  { options: { axis: 1 }, input: [null, 3], code: 'shape/unknown-size' },
])

testLayer('dropout', [
  { options: { rate: 0.5, noiseShape: [null, 1, 3] }, input: [4, 3], shape: [4, 3] },
  { options: { rate: 0.5, noiseShape: [1, null, 1] }, input: [4, 3], shape: [4, 3] },
])
testRejectedLayers('dropout', [
  { options: { rate: 0.5, noiseShape: [4, 3] }, input: [4, 3], code: 'shape/size-mismatch', at: 'noiseShape' },
  { options: { rate: 0.5, noiseShape: [null, 2, 3] }, input: [4, 3], code: 'shape/size-mismatch', at: 'noiseShape' },
])
testLayer('spatialDropout1d', [{ options: { rate: 0.5, seed: 1 }, input: [4, 3], shape: [4, 3] }])
testRejectedLayers('spatialDropout1d', [{ options: { rate: 0.5 }, input: [4, 3, 1], code: 'shape/wrong-rank' }])
testLayer('alphaDropout', [
  { options: { rate: 0.5 }, input: [4, 3], shape: [4, 3] },
  { options: { rate: 0.5, noiseShape: [1, null, 1] }, input: [4, 3], shape: [4, 3] },
])
testRejectedLayers('alphaDropout', [
  {
    options: { rate: 0.5, noiseShape: [null, 4, 1] },
    input: [4, 3],
    code: 'engine/not-implemented',
    at: 'noiseShape',
  },
])
testLayer('gaussianDropout', [{ options: { rate: 0.5 }, input: [4, 3], shape: [4, 3] }])
testLayer('gaussianNoise', [{ options: { stddev: 0.5 }, input: [null], shape: [null] }])
testRejectedLayers('gaussianNoise', [{ input: [4], code: 'schema/missing-key' }])
testLayer('masking', [
  { input: [4, 3], shape: [4, 3] },
  { options: { maskValue: -1 }, input: [null, 3], shape: [null, 3] },
])
testLayer('rescaling', [{ options: { scale: 0.5, offset: -1 }, input: [4, 3], shape: [4, 3] }])
