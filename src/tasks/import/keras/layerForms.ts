/**
 * The classes of Keras and the layers of the language that compute the same. `convert` is stated where the options differ by
 * more than their names.
 */
import { isKnown } from '../../../language/dims.ts'
import { lookUp } from '../../../language/schema.ts'
import { layerDef } from '../../../parts/layers/table.ts'
import { isObject, showJson, type Json, type JsonObject } from '../readJson.ts'
import { depthwiseConfig, groupedArrays, isDepthwise, layerScaleArrays, layerScaleStep } from './channelForms.ts'
import { hardActivation } from './hardActivations.ts'
import type { GivenLayer, LayerForm, Step } from './layerForm.ts'
import { translateBidirectional, translateCells, translateTimeDistributed } from './nestedLayers.ts'
import { normalizationArrays, normalizationStep } from './normalization.ts'
import { readClass } from './parts.ts'
import { translateOptions, type LayerOptions } from './translateOptions.ts'

const pixelCenters = {
  only: ['tfjs'],
  otherwise: 'Keras has the centers of pixels at halves, but TensorFlow.js at whole numbers, so that the values differ',
} as const
const sameClass = (type: string, more: Partial<LayerForm> = {}): LayerForm => ({ type, ...more })
const pooling1d = (type: string): LayerForm => ({ type, neutral: { data_format: ['channels_last'] } })
const globalPooling = (type: string, axes: number): LayerForm => ({
  type,
  ignored: ['keepdims'],
  after: ({ config, inputs: [values] }) =>
    config['keepdims'] === true ? [reshapeTo([...Array<number>(axes).fill(1), values?.at(-1) ?? -1])] : [],
})
/** Pools a volume by a window of its size. */
const volumePooling = (type: string): LayerForm => ({
  type,
  convert({ inputs: [values], place, translation }) {
    const poolSize = values?.slice(0, -1) ?? []
    if (!poolSize.every(isKnown))
      translation.problems.add(place, 'it pools a volume whose sizes are known only at run time')
    return { type, options: { poolSize } }
  },
  after: ({ config }) => (config['keepdims'] === true ? [] : [{ type: 'flatten', options: {} }]),
})
/** Drops whole channels: draws once for all of the axes in space. */
const channelDropout: LayerForm = {
  type: 'dropout',
  convert({ config, inputs: [values] }) {
    const space = (values?.length ?? 1) - 1
    const ones = Array<number>(space).fill(1)
    const isFirst = config['data_format'] === 'channels_first'
    return {
      type: 'dropout',
      options: { rate: config['rate'], noiseShape: [null, ...(isFirst ? [null, ...ones] : [...ones, null])] },
    }
  },
}
const reshapeTo = (targetShape: readonly unknown[]): Step => ({ type: 'reshape', options: { targetShape } })

/** Removes an axis that is the last one, as it is by default, and unpacks a list of one axis. */
function lastAxis(config: JsonObject, { inputs: [values] }: GivenLayer): JsonObject {
  const { axis } = config
  const one = Array.isArray(axis) && axis.length === 1 ? (axis[0] as Json) : axis
  const { axis: _axis, ...others } = config
  return one === undefined || one === -1 || one === values?.length ? others : { ...others, axis: one }
}

const forms: Readonly<Record<string, LayerForm>> = {
  Conv1D: sameClass('conv1d'),
  Conv2D: sameClass('conv2d', {
    convert: (given, form) =>
      isDepthwise(given)
        ? depthwiseStep({ ...given, config: depthwiseConfig(given.config) })
        : { type: form.type, options: optionsOf(given, form) },
    arrays: groupedArrays,
  }),
  Conv3D: sameClass('conv3d'),
  SeparableConv2D: sameClass('separableConv2d', { ignored: [...kernelKeys()] }),
  DepthwiseConv2D: sameClass('depthwiseConv2d', { ignored: [...kernelKeys(), 'filters'] }),
  LayerScale: sameClass('depthwiseConv2d', { convert: layerScaleStep, arrays: layerScaleArrays }),
  Conv2DTranspose: sameClass('conv2dTranspose', { neutral: { dilation_rate: [[1, 1], 1], output_padding: [null] } }),
  Conv3DTranspose: sameClass('conv3dTranspose', { neutral: { dilation_rate: [[1, 1, 1], 1], output_padding: [null] } }),
  MaxPooling1D: pooling1d('maxPooling1d'),
  MaxPooling2D: sameClass('maxPooling2d'),
  MaxPooling3D: sameClass('maxPooling3d'),
  MinPooling2D: sameClass('minPooling2d'),
  AveragePooling1D: pooling1d('averagePooling1d'),
  AveragePooling2D: sameClass('averagePooling2d'),
  AveragePooling3D: sameClass('averagePooling3d'),
  GlobalMaxPooling1D: globalPooling('globalMaxPooling1d', 1),
  GlobalMaxPooling2D: globalPooling('globalMaxPooling2d', 2),
  GlobalAveragePooling1D: globalPooling('globalAveragePooling1d', 1),
  GlobalAveragePooling2D: globalPooling('globalAveragePooling2d', 2),
  GlobalMaxPooling3D: volumePooling('maxPooling3d'),
  GlobalAveragePooling3D: volumePooling('averagePooling3d'),
  ZeroPadding2D: sameClass('zeroPadding2d', { adapt: (config) => withBorders(config, 'padding') }),
  Cropping2D: sameClass('cropping2D', { adapt: (config) => withBorders(config, 'cropping') }),
  UpSampling2D: sameClass('upSampling2d', {
    convert(given, form) {
      const isSmooth = given.config['interpolation'] === 'bilinear' && given.translation.dialect !== 'tfjs'
      if (isSmooth) given.translation.problems.add(`${given.place}: interpolation`, pixelCenters.otherwise)
      return { type: form.type, options: optionsOf(given, form) }
    },
  }),
  BilinearUpSampling2D: sameClass('upSampling2d', { adapt: (config) => ({ ...config, interpolation: 'bilinear' }) }),
  Flatten: sameClass('flatten', { adapt: (config) => withoutValue(config, 'data_format', 'channels_last') }),
  Reshape: sameClass('reshape'),
  Permute: sameClass('permute'),
  RepeatVector: sameClass('repeatVector'),
  Dense: sameClass('dense'),
  Embedding: sameClass('embedding'),
  SimpleRNN: sameClass('simpleRNN'),
  GRU: sameClass('gru'),
  LSTM: sameClass('lstm'),
  RNN: sameClass('rnn', {
    convert: (given, form) => ({
      type: form.type,
      options: { cell: translateCells(given), ...optionsOf(given, { ...form, ignored: ['cell', 'cells'] }) },
    }),
  }),
  ConvLSTM2D: sameClass('convLstm2d'),
  Bidirectional: sameClass('bidirectional', { convert: translateBidirectional }),
  MaskedBidirectional: sameClass('bidirectional', { convert: translateBidirectional }),
  TimeDistributed: sameClass('timeDistributed', { convert: translateTimeDistributed }),
  UnmaskedTimeDistributed: sameClass('timeDistributed', { convert: translateTimeDistributed }),
  Activation: sameClass('activation', { convert: activationLayer }),
  ReLU: sameClass('reLU', { convert: rectifier }),
  LeakyReLU: sameClass('leakyReLU', { renamed: { negative_slope: 'alpha' } }),
  ELU: sameClass('elu'),
  PReLU: sameClass('prelu'),
  Softmax: sameClass('softmax', { adapt: lastAxis }),
  ThresholdedReLU: sameClass('thresholdedReLU'),
  BatchNormalization: sameClass('batchNormalization', { adapt: lastAxis }),
  Normalization: sameClass('batchNormalization', { convert: normalizationStep, arrays: normalizationArrays }),
  LayerNormalization: sameClass('layerNormalization', { adapt: lastAxis }),
  Dropout: sameClass('dropout'),
  SpatialDropout2D: channelDropout,
  SpatialDropout3D: channelDropout,
  SpatialDropout1D: sameClass('spatialDropout1d', { neutral: { noise_shape: [null] } }),
  AlphaDropout: sameClass('alphaDropout'),
  GaussianDropout: sameClass('gaussianDropout'),
  GaussianNoise: sameClass('gaussianNoise'),
  WideGaussianNoise: sameClass('gaussianNoise'),
  Masking: sameClass('masking'),
  Add: sameClass('add'),
  Subtract: sameClass('rescaling', {
    convert: () => ({ type: 'rescaling', options: { scale: -1 }, takes: [1] }),
    after: () => [{ type: 'add', options: {}, takes: [3, 1] }],
  }),
  Average: sameClass('average'),
  Multiply: sameClass('multiply'),
  Maximum: sameClass('maximum'),
  Minimum: sameClass('minimum'),
  Concatenate: sameClass('concatenate', { adapt: lastAxis }),
  MaskedConcatenate: sameClass('concatenate', { adapt: lastAxis }),
  Dot: sameClass('dot'),
  Rescaling: sameClass('rescaling'),
  Resizing: sameClass('resizing', { dialects: pixelCenters, ignored: ['fill_mode', 'fill_value'] }),
  AlignedResizing: sameClass('resizing'),
  CenterCrop: sameClass('centerCrop'),
  CategoryEncoding: sameClass('categoryEncoding'),
  RandomWidth: sameClass('randomWidth'),
  InputLayer: sameClass('input', {
    convert: ({ config }) => {
      const batched = config['batch_shape'] ?? config['batch_input_shape'] ?? config['batchInputShape']
      return {
        type: 'input',
        options: { shape: Array.isArray(batched) ? batched.slice(1) : (config['shape'] ?? batched) },
      }
    },
  }),
}

/** Other names of classes. */
const synonyms: Readonly<Record<string, string>> = {
  Convolution1D: 'Conv1D',
  Convolution2D: 'Conv2D',
  Convolution3D: 'Conv3D',
  SeparableConvolution2D: 'SeparableConv2D',
  Convolution2DTranspose: 'Conv2DTranspose',
  MaxPool1D: 'MaxPooling1D',
  MaxPool2D: 'MaxPooling2D',
  MaxPool3D: 'MaxPooling3D',
  AvgPool1D: 'AveragePooling1D',
  AvgPool2D: 'AveragePooling2D',
  AvgPool3D: 'AveragePooling3D',
  GlobalMaxPool1D: 'GlobalMaxPooling1D',
  GlobalMaxPool2D: 'GlobalMaxPooling2D',
  GlobalAvgPool1D: 'GlobalAveragePooling1D',
  GlobalAvgPool2D: 'GlobalAveragePooling2D',
  GlobalMaxPool3D: 'GlobalMaxPooling3D',
  GlobalAvgPool3D: 'GlobalAveragePooling3D',
  SyncBatchNormalization: 'BatchNormalization',
  BatchNormalizationV1: 'BatchNormalization',
  BatchNormalizationV2: 'BatchNormalization',
  LSTMV2: 'LSTM',
  GRUV2: 'GRU',
}

/** The classes that can be imported, with the layer that each becomes. */
export const importedClasses: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(forms).map(([name, { type }]) => [name, type]),
)

/** @param className `Conv2D`, or `shapewright>AlignedResizing` for a class of a compiled script. */
export function formOf(className: string): LayerForm | undefined {
  const plain = className.replace(/^shapewright>/, '')
  const name = Object.hasOwn(synonyms, plain) ? lookUp(synonyms, plain) : plain
  return Object.hasOwn(forms, name) ? lookUp(forms, name) : undefined
}

/** Translates a layer to the layers of the language that compute it, one after the other. */
export function translateLayer(given: GivenLayer, form: LayerForm): readonly Step[] {
  const { translation, place } = given
  if (form.dialects?.only.includes(translation.dialect) === false) {
    translation.problems.add(place, form.dialects.otherwise)
  }
  const { activation, ...others } = given.config
  const separate = takesSeparate(form.type) ? separateActivation(activation, given) : undefined
  if (separate !== undefined && layerDef(form.type).role === 'activation') return separate
  const own = separate === undefined ? given : { ...given, config: others }
  const step = form.convert?.(own, form) ?? { type: form.type, options: optionsOf(own, form) }
  return [step, ...(separate ?? []), ...(form.after?.(given) ?? [])]
}

/** Whether the activation of a layer may be a layer after it: that of a recurrent layer is inside of its cell. */
function takesSeparate(type: string): boolean {
  const { role, schema } = layerDef(type)
  const fields = schema.properties as Readonly<Record<string, { readonly default?: unknown }>>
  return role === 'activation' || fields['activation']?.default === 'linear'
}

function depthwiseStep(given: GivenLayer): Step {
  const form = forms['DepthwiseConv2D']!
  return { type: form.type, options: optionsOf(given, form) }
}

function optionsOf(given: GivenLayer, form: LayerForm): LayerOptions {
  const config = form.adapt?.(given.config, given) ?? given.config
  return translateOptions(layerDef(form.type), config, form, given.place, given.translation)
}

/** The layers of an activation that the language has only as such. */
function separateActivation(activation: Json | undefined, given: GivenLayer): readonly Step[] | undefined {
  const stated = activation === undefined ? undefined : readClass(activation)
  const name = stated?.name === 'function' && typeof stated.config === 'string' ? stated.config : stated?.name
  if (stated === undefined || name === undefined) return undefined
  if (name === 'leaky_relu') return [{ type: 'leakyReLU', options: { alpha: 0.2 } }]
  const hard = hardActivation(name, given.translation.dialect)
  const form = /^[A-Z]/.test(name) ? formOf(name) : undefined
  if (form === undefined || !isObject(activation) || !isObject(stated.config)) return hard
  return translateLayer({ ...given, config: stated.config }, form)
}

/** Keys that separable and depthwise convolutions inherit, and that do nothing there. */
function kernelKeys(): string[] {
  return ['kernel_initializer', 'kernel_regularizer', 'kernel_constraint']
}

/** A layer of TensorFlow.js stays what it was; that of a Keras model reads better as `reLU`. */
function activationLayer(given: GivenLayer, form: LayerForm): Step {
  const isPlain = given.config['activation'] === 'relu' && given.translation.dialect !== 'tfjs'
  return isPlain ? { type: 'reLU', options: {} } : { type: form.type, options: optionsOf(given, form) }
}

/** max(x, 0), which in Keras may be limited, leaky, or begin at a threshold. */
function rectifier({ config, place, translation }: GivenLayer): Step {
  const { max_value: most = null, negative_slope: slope = 0, threshold = 0 } = config
  const isLeaky = slope !== 0 && slope !== null
  const isShifted = threshold !== 0 && threshold !== null
  if (most === null && !isLeaky && isShifted)
    return { type: 'thresholdedReLU', options: threshold === 1 ? {} : { theta: threshold } }
  if (most === null && isLeaky && !isShifted) return { type: 'leakyReLU', options: { alpha: slope } }
  if (isLeaky || isShifted) {
    const stated = showJson({ max_value: most, negative_slope: slope, threshold })
    translation.problems.add(place, `there is no layer with ${stated}: of these options, one can be imported`)
  }
  return { type: 'reLU', options: most === null ? {} : { maxValue: most } }
}

/** Shortens `[[1, 1], [1, 1]]` to 1. */
function withBorders(config: JsonObject, key: string): JsonObject {
  const value = config[key]
  const sides = JSON.stringify(value)?.match(/\d+/g) ?? []
  const isOne = Array.isArray(value) && sides.length === 4 && sides.every((side) => side === sides[0])
  return isOne ? { ...config, [key]: Number(sides[0]) } : config
}

function withoutValue(config: JsonObject, key: string, value: Json): JsonObject {
  const { [key]: found, ...others } = config
  return found === value ? others : config
}
