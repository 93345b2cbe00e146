/** Embeddings. */
import { testLayer, testRejectedLayers } from './layerHarness.ts'

testLayer('embedding', [
  { options: { inputDim: 5, outputDim: 3 }, input: [8], shape: [8, 3], params: 15, integersBelow: 5 },
  { options: { inputDim: 5, outputDim: 3 }, input: [null], shape: [null, 3], params: 15, integersBelow: 5 },
  {
    options: { inputDim: 5, outputDim: 3, inputLength: 8 },
    input: [null],
    shape: [8, 3],
    params: 15,
    integersBelow: 5,
  },
  {
    options: { inputDim: 5, outputDim: 3, inputLength: [null, 4] },
    input: [3, 4],
    shape: [3, 4, 3],
    params: 15,
    integersBelow: 5,
  },
  {
    options: {
      inputDim: 5,
      outputDim: 2,
      maskZero: true,
      embeddingsInitializer: 'zeros',
      embeddingsConstraint: 'nonNeg',
    },
    input: [8],
    shape: [8, 2],
    params: 10,
    integersBelow: 5,
  },
])
testRejectedLayers('embedding', [
  {
    options: { inputDim: 5, outputDim: 3, inputLength: 7 },
    input: [8],
    code: 'shape/size-mismatch',
    at: 'inputLength',
  },
])
