/**
 * Prints layers as calls of Keras 3. Options that a program states have Keras's names in camel case; the tables here list
 * what Keras names, presets or computes differently.
 */
import { lookUp } from '../../language/schema.ts'
import type { Call, Expression } from '../../language/expression.ts'
import { dataOf, printLiteral, quotePython, snakeCase, type PythonValue } from '../python/printLiteral.ts'

/** How Keras writes a layer or a cell. */
export interface KerasForm {
  /** The class, if it is not the name of the layer with a capital, such as `Conv2D`. */
  readonly name?: string
  /** The values of options that Keras presets otherwise. */
  readonly presets?: Readonly<Record<string, Expression>>
  /** Options that Keras requires in a saved file, although they have defaults. */
  readonly saved?: Readonly<Record<string, number>>
  /** Options with another name in Keras. */
  readonly renamed?: Readonly<Record<string, string>>
  /** The class of a script's own that is used instead with these options. */
  own?(options: Options): string | undefined
  /** Options that Keras lacks, and that change nothing there. */
  readonly dropped?: readonly string[]
  /** Options that are written without their names. */
  readonly unnamed?: readonly string[]
  /** Whether Keras writes it as the negative of the layer on the negative of its input. */
  readonly isNegated?: true
  /** Whether it feeds the network instead of being applied. */
  readonly isInput?: true
  /** The class used instead where a mask may reach the layer, because Keras treats a mask otherwise there than TensorFlow.js. */
  readonly masked?: string
  /** Whether it reads a mask in Keras, but in TensorFlow.js neither reads a mask nor passes on a readable one. */
  readonly readsMask?: true
  /** Whether it makes a mask. */
  makesMask?(options: Options): boolean
  /** Whether it has a copy of its layer that runs backward. */
  readonly hasBackward?: true
  /** The reason why Keras cannot have the layer. */
  readonly missing?: string
}

type Options = Readonly<Record<string, PythonValue>>

const literal = (value: string | boolean | number): Expression => ({ kind: 'literal', value })
const gated = { recurrentActivation: literal('hardSigmoid') }
const conv = { unnamed: ['filters', 'kernelSize'] }
const units = { unnamed: ['units'] }
const rate = { unnamed: ['rate'] }
const pooling = { unnamed: ['poolSize'], presets: { poolSize: literal(2) } }
const gru = { ...units, presets: { ...gated, resetAfter: literal(false) } }

/** The layers of the language, by type, and the cells of `rnn`. */
export const kerasForms: Readonly<Record<string, KerasForm>> = {
  input: { isInput: true },
  conv1d: conv,
  conv2d: conv,
  conv3d: conv,
  separableConv2d: conv,
  depthwiseConv2d: { unnamed: ['kernelSize'] },
  conv2dTranspose: { name: 'Conv2DTranspose', ...conv },
  conv3dTranspose: { name: 'Conv3DTranspose', ...conv },
  maxPooling1d: pooling,
  maxPooling2d: pooling,
  maxPooling3d: pooling,
  minPooling2d: { name: 'MaxPooling2D', isNegated: true, ...pooling },
  averagePooling1d: pooling,
  averagePooling2d: pooling,
  averagePooling3d: pooling,
  globalMaxPooling1d: {},
  globalMaxPooling2d: {},
  globalAveragePooling1d: { readsMask: true },
  globalAveragePooling2d: {},
  zeroPadding2d: { unnamed: ['padding'] },
  cropping2D: { unnamed: ['cropping'] },
  upSampling2d: { own: ({ interpolation }) => (interpolation === 'bilinear' ? 'BilinearUpSampling2D' : undefined) },
  flatten: {},
  reshape: { unnamed: ['targetShape'] },
  permute: { unnamed: ['dims'] },
  repeatVector: { unnamed: ['n'] },
  dense: units,
  embedding: {
    unnamed: ['inputDim', 'outputDim'],
    dropped: ['inputLength'],
    makesMask: ({ maskZero }) => maskZero === true,
  },
  simpleRNN: { name: 'SimpleRNN', ...units },
  gru: { name: 'GRU', ...gru },
  lstm: { name: 'LSTM', ...units, presets: gated },
  rnn: { name: 'RNN' },
  simpleRNNCell: { name: 'SimpleRNNCell', ...units },
  gruCell: { name: 'GRUCell', ...gru },
  lstmCell: { name: 'LSTMCell', ...units, presets: gated },
  convLstm2d: { name: 'ConvLSTM2D', ...conv, presets: gated },
  bidirectional: { masked: 'MaskedBidirectional', hasBackward: true },
  timeDistributed: { masked: 'UnmaskedTimeDistributed' },
  activation: { unnamed: ['activation'] },
  reLU: {},
  leakyReLU: { renamed: { alpha: 'negative_slope' } },
  elu: { name: 'ELU' },
  prelu: { name: 'PReLU' },
  softmax: {},
  thresholdedReLU: { own: () => 'ThresholdedReLU' },
  batchNormalization: {},
  layerNormalization: {},
  dropout: rate,
  spatialDropout1d: rate,
  alphaDropout: rate,
  gaussianDropout: rate,
  gaussianNoise: { own: ({ stddev }) => ((stddev as number) > 1 ? 'WideGaussianNoise' : undefined) },
  masking: { makesMask: () => true },
  add: { readsMask: true },
  average: { readsMask: true },
  multiply: { readsMask: true },
  maximum: { readsMask: true },
  minimum: { readsMask: true },
  concatenate: { masked: 'MaskedConcatenate' },
  dot: {},
  rescaling: { saved: { offset: 0 } },
  resizing: { own: () => 'AlignedResizing', dropped: ['cropToAspectRatio'] },
  centerCrop: {},
  categoryEncoding: {},
  randomWidth: { missing: 'Keras 3 has no layer that changes the width of images at random' },
}

/** The layer type that a call creates: `tf.layers.conv2d` and `conv2dLayer` create `conv2d`. */
export function typeOfCall({ callee }: Call): string {
  const name = callee.replace(/^tf\.(layers\.)?/, '').replace(/Layer$/, '')
  return name === 'dilatedConv2d' ? 'conv2d' : name
}

/** The call inside a call that adds the penalty of `activityRegularizer`, which Keras does itself. */
export function layerCallOf(call: Call): Call {
  const [first] = call.args
  return call.callee === 'penalizeOutput' && first?.kind === 'call' ? first : call
}

/** The form of the layer that a call creates. */
export function formOfCall(call: Call): KerasForm {
  return kerasForms[typeOfCall(call)]!
}

export function makesMask(call: Call): boolean {
  return formOfCall(call).makesMask?.(plainOptions(fieldsOf(call))) === true
}

export function plainOptions(fields: Fields): Options {
  return Object.fromEntries(fields.flatMap(([key, value]) => (isPlain(value) ? [[key, dataOf(value)]] : [])))
}

export interface LayerPrinting {
  /** The name of the layer in Keras; undefined if Keras chooses it. */
  readonly name?: string | undefined
  /** Whether a mask may reach it. */
  readonly isMasked?: boolean
  /** Whether the weights are known, so that options that only matter in training are left out. */
  readonly isTrained?: boolean
}

/** Prints a layer as a call: `layers.Conv2D(filters=32, kernel_size=3, name="conv2d")`. */
export function printKerasLayer(made: Call, printing: LayerPrinting = {}): string {
  const call = layerCallOf(made)
  const type = typeOfCall(call)
  const form = lookUp(kerasForms, type)
  const fields = orderFields([...fieldsOf(call), ...presetsOf(form, call)], form.unnamed ?? [])
  const own = form.own?.(plainOptions(fields))
  const masked = printing.isMasked === true ? form.masked : undefined
  const leading = new Set(form.unnamed?.slice(0, leadingCount(fields, form.unnamed)))
  const options = fields.flatMap(([key, value]) => {
    const isDropped = dropped.has(key) || form.dropped?.includes(key) === true
    if (isDropped || (printing.isTrained === true && inTrainingOnly.test(key))) return []
    const code = printOption(key, value, printing)
    return [leading.has(key) ? code : `${form.renamed?.[key] ?? snakeCase(key)}=${code}`]
  })
  if (form.hasBackward === true) options.push(...printBackwardLayer(call, printing))
  // Keras joins the masks with an operation that it also names `concatenate`.
  const name = masked === 'MaskedConcatenate' && printing.name !== undefined ? `${printing.name}_masked` : printing.name
  if (name !== undefined) options.push(`name=${quotePython(name)}`)
  return `${own ?? masked ?? `layers.${form.name ?? className(type)}`}(${options.join(', ')})`
}

/** The number of options at the start that are written without names. */
function leadingCount(fields: Fields, unnamed: readonly string[]): number {
  const end = unnamed.findIndex((name, place) => fields[place]?.[0] !== name)
  return end < 0 ? unnamed.length : end
}

/** Moves the options that are written without names to the start, in this order, up to one that is not stated. */
function orderFields(fields: Fields, unnamed: readonly string[]): Fields {
  const first = unnamed.map((name) => fields.find(([key]) => key === name))
  const end = first.includes(undefined) ? first.indexOf(undefined) : first.length
  const leading = first.slice(0, end).filter((field) => field !== undefined)
  return [...leading, ...fields.filter((field) => !leading.includes(field))]
}

/** `globalAveragePooling2d` → `GlobalAveragePooling2D`. */
export function className(type: string): string {
  return type.replace(/^./, (first) => first.toUpperCase()).replace(/(\d)d$/, '$1D')
}

/** Options that say nothing to Keras in any layer. */
export const dropped: ReadonlySet<string> = new Set(['name', 'seed', 'implementation'])

export const inTrainingOnly = /(Initializer|Regularizer|Constraint)$/

export type Fields = readonly (readonly [string, Expression])[]

export function fieldsOf({ args: [options] }: Call): Fields {
  return options?.kind === 'record' ? options.fields : []
}

export function presetsOf({ presets = {} }: KerasForm, call: Call): Fields {
  const stated = new Set(fieldsOf(call).map(([key]) => key))
  return Object.entries(presets).filter(([key]) => !stated.has(key))
}

/** Keras derives the backward layer only from a layer that runs forward; for a reversed one, both are stated. */
function printBackwardLayer(call: Call, printing: LayerPrinting): string[] {
  const layer = fieldsOf(call).find(([key]) => key === 'layer')?.[1]
  if (layer?.kind !== 'call' || !fieldsOf(layer).some(([key]) => key === 'goBackwards')) return []
  const forward = { kind: 'record', fields: fieldsOf(layer).filter(([key]) => key !== 'goBackwards') } as const
  return [
    `backward_layer=${printKerasLayer({ ...layer, args: [forward] }, { isTrained: printing.isTrained === true })}`,
  ]
}

function isPlain(value: Expression): boolean {
  return value.kind === 'literal' || value.kind === 'list'
}

function printOption(key: string, value: Expression, { isTrained = false }: LayerPrinting): string {
  if (value.kind === 'call')
    return value.callee.startsWith('tf.layers.') || value.callee.endsWith('Layer')
      ? printKerasLayer(value, { isTrained })
      : printPart(value)
  if (value.kind === 'list' && value.items.some(({ kind }) => kind === 'call'))
    return `[${value.items.map((item) => printOption(key, item, { isTrained })).join(', ')}]`
  if (value.kind === 'reference') return value.name
  const data = dataOf(value)
  if (typeof data === 'string') return /activation$/i.test(key) ? printActivation(data) : quotePython(snakeCase(data))
  if (key === 'targetShape') return printLiteral((data as readonly PythonValue[]).map((size) => size ?? -1))
  return printLiteral(data)
}

/** Activations that Keras 3 lacks, or for which it has a different function of the same name. */
export const ownActivations: Readonly<Record<string, string>> = { hardSigmoid: 'tf_hard_sigmoid', gelu_new: 'gelu_new' }

function printActivation(name: string): string {
  return ownActivations[name] ?? quotePython(name === 'swish' ? 'silu' : name)
}

/** Prints an initializer, regularizer or constraint: by its name if it has no options. */
function printPart({ callee, args: [options] }: Call): string {
  const [, kind = '', name = ''] = /^tf\.(\w+)\.(\w+)$/.exec(callee)!
  const fields = options?.kind === 'record' ? options.fields.filter(([, value]) => value.kind !== 'seed') : []
  const word = name.replace(/^leCun/, 'lecun')
  if (fields.length === 0 && kind === 'initializers') return quotePython(snakeCase(word))
  const given = fields.map(([key, value]) => `${snakeCase(key)}=${printPartOption(dataOf(value))}`)
  return `keras.${kind}.${word.replace(/^./, (first) => first.toUpperCase()).replace('L1l2', 'L1L2')}(${given.join(', ')})`
}

/** `normal` draws from the truncated distribution in TensorFlow.js. */
function printPartOption(value: PythonValue): string {
  if (typeof value !== 'string') return printLiteral(value)
  return quotePython(value === 'normal' ? 'truncated_normal' : snakeCase(value))
}
