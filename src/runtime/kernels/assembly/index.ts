/*
 * The kernels for training on the WASM backend of TensorFlow.js. They work on the backend's own memory.
 *
 * Every tensor is float32 and dense, with channels last. Addresses and byte offsets are `usize`; sizes are `i32` and
 * count elements. No kernel allocates memory: the caller passes outputs and scratch memory.
 */
export { packPanels, packFlippedFilter, padImages, placeImages } from './packing'
export { windowRows, matrixRows } from './rows'
export { multiplyAndUpdate, multiplyMatrices, multiplyScratchSize } from './multiplyMatrices'
export { multiplyRows } from './multiplyRows'
export { multiplyTransposedRows } from './multiplyTransposedRows'
export {
  winogradConvolution,
  winogradFilter,
  winogradFilterGradient,
  winogradGradientScratchSize,
  winogradScratchSize,
} from './winograd'
export { depthwise, depthwiseFilterGradient, depthwiseScatter } from './depthwise'
export { multiplyPooledWindows, pooledFilterGradient, pooledGradientScratchSize } from './pooledConvolution'
export { pooledBiasGradient, unpoolImages } from './poolingPlaces'
export { averagePool, averagePoolGradient, maxPoolGradient } from './pooling'
export { columnSums, segmentSums } from './reductions'
export { clampValues, rowOperation, reluGradient, tileBlock } from './elementwise'
export { columnMoments, inverseDeviations, normalizeColumns } from './batchNorm'
export { batchNormGradient } from './batchNormGradient'
export { applyUpdate } from './applyUpdate'
export { gruReset, gruResetGradient, gruStep, gruStepGradient } from './gru'
export { lstmStep, lstmStepGradient } from './recurrent'
export { weightedSum } from './weightedSum'
