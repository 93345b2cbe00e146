/** Dense, flatten, dropout, activation and batch normalization. */
import { activationNames } from '../../../src/language/activations.ts'
import { testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('dense', [
  { options: { units: 10 }, input: [3136], shape: [10], params: 31_370, flops: 62_720 },
  { options: { units: 10, useBias: false }, input: [4], shape: [10], params: 40 },
  { options: { units: 5 }, input: [3, 4], shape: [3, 5], params: 25 },
  { options: { units: 5 }, input: [null, 4], shape: [null, 5], params: 25 },
  { options: { units: 2, biasRegularizer: { l1l2: {} } }, input: [4], shape: [2], params: 10 },
  ...[
    'zeros',
    'ones',
    'identity',
    'randomUniform',
    'randomNormal',
    'truncatedNormal',
    'varianceScaling',
    'glorotUniform',
    'glorotNormal',
    'heUniform',
    'heNormal',
    'leCunUniform',
    'leCunNormal',
    'orthogonal',
    { constant: { value: 0.5 } },
    { varianceScaling: { scale: 2, mode: 'fanOut', distribution: 'uniform', seed: 3 } },
  ].map((kernelInitializer) => ({
    options: { units: 3, kernelInitializer },
    input: [3],
    shape: [3],
    params: 12,
  })),
  ...['maxNorm', 'minMaxNorm', 'nonNeg', 'unitNorm'].map((kernelConstraint) => ({
    options: { units: 3, kernelConstraint },
    input: [2],
    shape: [3],
    params: 9,
  })),
])
testRejectedLayers('dense', [
  { options: { units: 2 }, input: [4, null], code: 'shape/unknown-size' },
  { options: { units: 0 }, input: [4], code: 'schema/out-of-range', at: 'units' },
])

testLayer('flatten', [
  { input: [7, 7, 64], shape: [3136] },
  { options: { dataFormat: 'channelsFirst' }, input: [3, 4, 2], shape: [24] },
])

testRejectedLayers('flatten', [
  { input: [5], code: 'shape/wrong-rank' },
  { input: [null, 4], code: 'shape/unknown-size' },
])

testLayer('dropout', [
  { options: { rate: 0.5 }, input: [4, 3], shape: [4, 3] },
  { options: { rate: 0, seed: 3 }, input: [null], shape: [null] },
])
testRejectedLayers('dropout', [
  { options: { rate: 1 }, input: [4], code: 'schema/out-of-range', at: 'rate' },
  { options: { rate: -0.1 }, input: [4], code: 'schema/out-of-range', at: 'rate' },
])

testLayer(
  'activation',
  activationNames.map((activation) => ({ options: { activation }, input: [3, 4], shape: [3, 4] })),
)

testLayer('batchNormalization', [
  { input: [7, 7, 16], shape: [7, 7, 16], params: 64, trainableParams: 32 },
  { input: [8], shape: [8], params: 32, trainableParams: 16 },
  { options: { scale: false }, input: [8], shape: [8], params: 24, trainableParams: 8 },
  { options: { center: false }, input: [8], shape: [8], params: 24, trainableParams: 8 },
  { options: { axis: 1 }, input: [3, 4, 5], shape: [3, 4, 5], params: 12 },
  { options: { axis: 2 }, input: [2, 3, 2, 2], shape: [2, 3, 2, 2], params: 12 },
  { input: [2, 1, 2, 2, 3], shape: [2, 1, 2, 2, 3], params: 12 },
  { options: { trainable: false }, input: [2, 3], shape: [2, 3], params: 12, trainableParams: 0 },
  { options: { axis: -1, momentum: 0.9 }, input: [null, null, 5], shape: [null, null, 5], params: 20 },
  { options: { gammaInitializer: 'zeros', betaRegularizer: 'l2' }, input: [5], shape: [5], params: 20 },
])
testRejectedLayers('batchNormalization', [
  { options: { axis: 0 }, input: [4, 4], code: 'shape/bad-axis', at: 'axis' },
  { options: { axis: 3 }, input: [4, 4], code: 'shape/bad-axis', at: 'axis' },
  { options: { axis: -3 }, input: [4, 4], code: 'shape/bad-axis', at: 'axis' },
  { input: [4, null], code: 'shape/unknown-size' },
])
