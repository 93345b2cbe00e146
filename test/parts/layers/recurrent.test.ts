/** Recurrent layers, cells, and layers that hold a layer. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

for (const [type, gates] of [
  ['simpleRNN', 1],
  ['gru', 3],
  ['lstm', 4],
] as const) {
  const params = gates * 5 * (3 + 5 + 1)
  testLayer(type, [
    { options: { units: 5 }, input: [4, 3], shape: [5], params, flops: 4 * 2 * gates * 5 * 8 },
    { options: { units: 5, returnSequences: true, goBackwards: true }, input: [4, 3], shape: [4, 5], params },
    { options: { units: 5, returnSequences: true }, input: [null, 3], shape: [null, 5], params },
    { options: { units: 1, useBias: false }, input: [4, 3], shape: [1], params: gates * 4 },
    { options: { units: 5, dropout: 0.2, recurrentDropout: 0.1 }, input: [4, 3], shape: [5], params },
    {
      options: { units: 5, activation: 'relu', recurrentInitializer: 'zeros', kernelRegularizer: 'l2' },
      input: [4, 3],
      shape: [5],
      params,
    },
    { options: { units: 5, trainable: false }, input: [4, 3], shape: [5], params, trainableParams: 0 },
    { options: { units: 5 }, input: [1, 3], shape: [5], params },
  ])
  testRejectedLayers(type, [
    { options: { units: 5 }, input: [4], code: 'shape/wrong-rank' },
    { options: { units: 5 }, input: [4, null], code: 'shape/unknown-size' },
    { options: { units: 5, stateful: true }, input: [4, 3], code: 'engine/not-implemented', at: 'stateful' },
    { options: { units: 5, unroll: true }, input: [4, 3], code: 'engine/not-implemented', at: 'unroll' },
    { options: { units: 5, dropout: 1 }, input: [4, 3], code: 'schema/out-of-range', at: 'dropout' },
  ])
  testLayer('bidirectional', [
    { options: { layer: { [type]: { units: 5 } } }, input: [4, 3], shape: [10], params: 2 * params },
    {
      options: { layer: { [type]: { units: 5, returnSequences: true } }, mergeMode: 'ave' },
      input: [4, 3],
      shape: [4, 5],
      params: 2 * params,
    },
    {
      options: { layer: { [type]: { units: 5, goBackwards: true } }, mergeMode: 'mul', trainable: false },
      input: [null, 3],
      shape: [5],
      params: 2 * params,
      trainableParams: 0,
    },
    {
      options: { layer: { [type]: { units: 5, trainable: false } }, mergeMode: 'sum' },
      input: [4, 3],
      shape: [5],
      params: 2 * params,
      trainableParams: 0,
    },
  ])
}

testLayer('gru', [
  {
    options: { units: 2, recurrentActivation: 'sigmoid', implementation: 2, resetAfter: false },
    input: [4, 3],
    shape: [2],
    params: 36,
  },
  { options: { units: 5, resetAfter: true }, input: [4, 3], shape: [5], params: 150 },
  { options: { units: 5, resetAfter: true, useBias: false, dropout: 0.5 }, input: [1, 3], shape: [5], params: 120 },
  {
    options: { units: 5, resetAfter: true, recurrentDropout: 0.5, returnSequences: true, trainable: false },
    input: [null, 3],
    shape: [null, 5],
    params: 150,
    trainableParams: 0,
  },
])
testLayer('lstm', [{ options: { units: 2, unitForgetBias: true }, input: [4, 3], shape: [2], params: 48 }])

testLayer('rnn', [
  { options: { cell: { gruCell: { units: 5, resetAfter: true } } }, input: [4, 3], shape: [5], params: 150 },
  {
    options: { cell: [{ lstmCell: { units: 2 } }, { gruCell: { units: 5, resetAfter: true } }] },
    input: [4, 3],
    shape: [5],
    params: 48 + 135,
  },
  { options: { cell: { gruCell: { units: 5 } } }, input: [4, 3], shape: [5], params: 135, flops: 960 },
  {
    options: { cell: [{ gruCell: { units: 5 } }, { lstmCell: { units: 4 } }, { simpleRNNCell: { units: 2 } }] },
    input: [4, 3],
    shape: [2],
    params: 135 + 160 + 14,
  },
  {
    options: { cell: [{ lstmCell: { units: 4, unitForgetBias: true } }], returnSequences: true, goBackwards: true },
    input: [null, 3],
    shape: [null, 4],
    params: 128,
  },
])
testRejectedLayers('rnn', [
  {
    options: { cell: { lstmCell: { units: 5, recurrentDropout: 0.5 } } },
    input: [4, 3],
    code: 'engine/not-implemented',
    at: 'cell',
  },
  { options: { cell: { gruCell: { units: 5 } } }, input: [4], code: 'shape/wrong-rank' },
  { options: { cell: { gruCell: {} } }, input: [4, 3], code: 'schema/missing-key' },
  { options: { cell: { gru: { units: 5 } } }, input: [4, 3], code: 'schema/unknown-value' },
  { options: { cell: [{ gruCell: { unit: 5 } }] }, input: [4, 3], code: 'schema/unknown-key' },
])

testLayer('convLstm2d', [
  {
    options: { filters: 3, kernelSize: [3, 2] },
    input: [3, 6, 5, 2],
    shape: [4, 4, 3],
    params: 3 * 2 * 12 * 5 + 12,
    flops: 2 * 4 * 3 * 48 * 6 * 5,
  },
  {
    options: { filters: 2, kernelSize: 3, padding: 'same', strides: 2, returnSequences: true },
    input: [3, 6, 6, 1],
    shape: [3, 3, 3, 2],
    params: 9 * 8 * 3 + 8,
  },
  { options: { filters: 2, kernelSize: 3, useBias: false }, input: [3, 6, 6, 1], shape: [4, 4, 2], params: 9 * 8 * 3 },
  {
    options: { filters: 2, kernelSize: 3, dilationRate: 2 },
    input: [2, 6, 6, 1],
    shape: [2, 2, 2],
    params: 9 * 8 * 3 + 8,
  },
])
testRejectedLayers('convLstm2d', [
  { options: { filters: 2, kernelSize: 3 }, input: [6, 6, 1], code: 'shape/wrong-rank' },
  { options: { filters: 2, kernelSize: 7 }, input: [2, 6, 6, 1], code: 'shape/kernel-exceeds-input', at: 'kernelSize' },
  {
    options: { filters: 2, kernelSize: 3, unroll: true },
    input: [2, 6, 6, 1],
    code: 'engine/not-implemented',
    at: 'unroll',
  },
  {
    options: { filters: 2, kernelSize: 3, dataFormat: 'channelsFirst' },
    input: [2, 1, 6, 6],
    code: 'engine/not-implemented',
    at: 'dataFormat',
  },
])

testLayer('bidirectional', [
  {
    options: { layer: { convLstm2d: { filters: 2, kernelSize: 3 } } },
    input: [3, 6, 6, 1],
    shape: [4, 4, 4],
    params: 2 * (9 * 8 * 3 + 8),
  },
])
testRejectedLayers('bidirectional', [
  { options: { layer: { dense: { units: 5 } } }, input: [4, 3], code: 'engine/not-implemented', at: 'layer' },
  {
    options: { layer: { rnn: { cell: { gruCell: { units: 5 } } } } },
    input: [4, 3],
    code: 'engine/not-implemented',
    at: 'layer',
  },
  { options: { layer: 'add' }, input: [4, 3], code: 'graph/wrong-arity', at: 'layer' },
  { options: { layer: { gru: { units: 5 } } }, input: [4], code: 'shape/wrong-rank', at: 'layer' },
  { options: { layer: { gru: { unit: 5 } } }, input: [4, 3], code: 'schema/unknown-key' },
  { options: { layer: { nnGRU: { units: 5 } } }, input: [4, 3], code: 'schema/unknown-layer' },
])

testLayer('timeDistributed', [
  { options: { layer: { dense: { units: 5 } } }, input: [4, 3], shape: [4, 5], params: 20, flops: 120 },
  {
    options: { layer: { conv2d: { filters: 2, kernelSize: 3 } } },
    input: [4, 6, 5, 3],
    shape: [4, 4, 3, 2],
    params: 56,
  },
  { options: { layer: 'flatten' }, input: [4, 2, 3], shape: [4, 6] },
  { options: { layer: { dense: { units: 5 } } }, input: [null, 3], shape: [null, 5], params: 20 },
  { options: { layer: { lstm: { units: 2 } } }, input: [4, 5, 3], shape: [4, 2], params: 48 },
  { options: { layer: 'batchNormalization' }, input: [4, 5], shape: [4, 5], params: 20, trainableParams: 10 },
  {
    options: { layer: { dense: { units: 5, trainable: false } } },
    input: [4, 3],
    shape: [4, 5],
    params: 20,
    trainableParams: 0,
  },
  {
    options: { layer: { dense: { units: 5 } }, trainable: false },
    input: [4, 3],
    shape: [4, 5],
    params: 20,
    trainableParams: 0,
  },
  {
    options: { layer: { bidirectional: { layer: { gru: { units: 2 } } } } },
    input: [4, 5, 3],
    shape: [4, 4],
    params: 72,
  },
])
testRejectedLayers('timeDistributed', [
  { options: { layer: { dense: { units: 5 } } }, input: [4], code: 'shape/wrong-rank' },
  {
    options: { layer: { conv2d: { filters: 2, kernelSize: 7 } } },
    input: [4, 6, 6, 3],
    code: 'shape/kernel-exceeds-input',
    at: 'layer',
  },
  { options: { layer: { input: { shape: [3] } } }, input: [4, 3], code: 'graph/wrong-arity', at: 'layer' },
])
