/** Every layer type of the language. To add a layer, write its file, its line here, and its test cases. */
import { activation } from './activation.ts'
import { add } from './add.ts'
import { alphaDropout } from './alphaDropout.ts'
import { average } from './average.ts'
import { averagePooling1d } from './averagePooling1d.ts'
import { averagePooling2d } from './averagePooling2d.ts'
import { averagePooling3d } from './averagePooling3d.ts'
import { batchNormalization } from './batchNormalization.ts'
import { defineBidirectional } from './bidirectional.ts'
import { categoryEncoding } from './categoryEncoding.ts'
import { centerCrop } from './centerCrop.ts'
import { concatenate } from './concatenate.ts'
import { conv1d } from './conv1d.ts'
import { conv2d } from './conv2d.ts'
import { conv2dTranspose } from './conv2dTranspose.ts'
import { conv3d } from './conv3d.ts'
import { conv3dTranspose } from './conv3dTranspose.ts'
import { convLstm2d } from './convLstm2d.ts'
import { cropping2D } from './cropping2D.ts'
import { dense } from './dense.ts'
import { depthwiseConv2d } from './depthwiseConv2d.ts'
import { dot } from './dot.ts'
import { dropout } from './dropout.ts'
import { elu } from './elu.ts'
import { embedding } from './embedding.ts'
import { flatten } from './flatten.ts'
import { gaussianDropout } from './gaussianDropout.ts'
import { gaussianNoise } from './gaussianNoise.ts'
import { globalAveragePooling1d } from './globalAveragePooling1d.ts'
import { globalAveragePooling2d } from './globalAveragePooling2d.ts'
import { globalMaxPooling1d } from './globalMaxPooling1d.ts'
import { globalMaxPooling2d } from './globalMaxPooling2d.ts'
import { gru } from './gru.ts'
import { input } from './input.ts'
import type { LayerDef } from '../../language/layerDef.ts'
import { lookUp } from '../../language/schema.ts'
import { layerNormalization } from './layerNormalization.ts'
import { leakyReLU } from './leakyReLU.ts'
import { lstm } from './lstm.ts'
import { masking } from './masking.ts'
import { maximum } from './maximum.ts'
import { maxPooling1d } from './maxPooling1d.ts'
import { maxPooling2d } from './maxPooling2d.ts'
import { maxPooling3d } from './maxPooling3d.ts'
import { minimum } from './minimum.ts'
import { minPooling2d } from './minPooling2d.ts'
import { multiply } from './multiply.ts'
import { permute } from './permute.ts'
import { prelu } from './prelu.ts'
import { randomWidth } from './randomWidth.ts'
import { reLU } from './reLU.ts'
import { repeatVector } from './repeatVector.ts'
import { rescaling } from './rescaling.ts'
import { reshape } from './reshape.ts'
import { resizing } from './resizing.ts'
import { rnn } from './rnn.ts'
import { separableConv2d } from './separableConv2d.ts'
import { simpleRNN } from './simpleRNN.ts'
import { softmax } from './softmax.ts'
import { spatialDropout1d } from './spatialDropout1d.ts'
import { thresholdedReLU } from './thresholdedReLU.ts'
import { defineTimeDistributed } from './timeDistributed.ts'
import { upSampling2d } from './upSampling2d.ts'
import { zeroPadding2d } from './zeroPadding2d.ts'

export const layerTable: Readonly<Record<string, LayerDef>> = {
  input,
  conv1d,
  conv2d,
  conv3d,
  separableConv2d,
  depthwiseConv2d,
  conv2dTranspose,
  conv3dTranspose,
  maxPooling1d,
  maxPooling2d,
  maxPooling3d,
  minPooling2d,
  averagePooling1d,
  averagePooling2d,
  averagePooling3d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  zeroPadding2d,
  cropping2D,
  upSampling2d,
  flatten,
  reshape,
  permute,
  repeatVector,
  dense,
  embedding,
  simpleRNN,
  gru,
  lstm,
  rnn,
  convLstm2d,
  bidirectional: defineBidirectional((type) => layerTable[type]),
  timeDistributed: defineTimeDistributed((type) => layerTable[type]),
  activation,
  reLU,
  leakyReLU,
  elu,
  prelu,
  softmax,
  thresholdedReLU,
  batchNormalization,
  layerNormalization,
  dropout,
  spatialDropout1d,
  alphaDropout,
  gaussianDropout,
  gaussianNoise,
  masking,
  add,
  average,
  multiply,
  maximum,
  minimum,
  concatenate,
  dot,
  rescaling,
  resizing,
  centerCrop,
  categoryEncoding,
  randomWidth,
}

/** Returns the definition of a layer type. */
export function layerDef(type: string): LayerDef {
  return lookUp(layerTable, type)
}

export function isInput(type: string): boolean {
  return isLayerType(type) && layerDef(type).role === 'input'
}

export function isLayerType(type: string): boolean {
  return Object.hasOwn(layerTable, type)
}
