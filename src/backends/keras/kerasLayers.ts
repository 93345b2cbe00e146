/**
 * Prints layers of tf.layers as calls of Keras 3. TensorFlow.js saves a layer in Keras's own form, as its class and its
 * options under Keras's names. The tables here list what Keras 3 names or computes differently.
 */
import { KnownError } from '../../system/knownError.ts'

export type SavedValue =
  null | boolean | number | string | readonly SavedValue[] | { readonly [key: string]: SavedValue }

/** A layer, a cell or an initializer, as `toJSON` returns it. */
export interface SavedPart {
  readonly class_name: string
  readonly config: Readonly<Record<string, SavedValue>>
}

/** Options that have no effect once the weights are loaded, and options that Keras 3 lacks. */
const unneeded =
  /(initializer|regularizer|constraint)$|^(name|dtype|batch_input_shape|input_shape|input_length|implementation|sparse|unit_forget_bias|noise_shape|seed)$/

/** Values that are left out because they are Keras's defaults, in every layer. */
const defaults: Readonly<Record<string, SavedValue>> = {
  trainable: true,
  use_bias: true,
  activation: 'linear',
  data_format: 'channels_last',
  dropout: 0,
  recurrent_dropout: 0,
  return_sequences: false,
  return_state: false,
  go_backwards: false,
  stateful: false,
  unroll: false,
  merge_mode: 'concat',
  mask_zero: false,
}

/** Options that are required in Keras 3. */
const required: ReadonlySet<string> = new Set(['Activation.activation'])

/** Options that have another name in Keras 3. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LeakyReLU: { alpha: 'negative_slope' },
}

/** The options of layers for which TensorFlow.js also saves the options of their cell. */
const onlyOptions: Readonly<Record<string, ReadonlySet<string>>> = {
  RNN: new Set(['cell', 'return_sequences', 'go_backwards', 'trainable']),
}

/** Activations that Keras 3 lacks, or for which it has a different function of the same name. */
const ownActivations: Readonly<Record<string, string>> = { hard_sigmoid: 'tf_hard_sigmoid', gelu_new: 'gelu_new' }

/** Classes that Keras 3 lacks. */
const absent: ReadonlySet<string> = new Set(['RandomWidth'])

/** A layer that the module defines itself, because Keras 3 lacks it or computes something else. */
interface OwnLayer {
  readonly name: string
  readonly config: SavedPart['config']
}

/** Returns undefined if Keras 3 has an equivalent layer. */
function ownLayer({ class_name: type, config }: SavedPart): OwnLayer | undefined {
  const { size, data_format, interpolation, height, width, stddev, trainable } = config
  switch (type) {
    case 'Resizing':
      return { name: 'AlignedResizing', config: given({ height, width, interpolation, trainable }) }
    case 'UpSampling2D':
      if (interpolation !== 'bilinear') return undefined
      return { name: 'BilinearUpSampling2D', config: given({ size, data_format, trainable }) }
    case 'GaussianNoise':
      return (stddev as number) > 1 ? { name: 'WideGaussianNoise', config } : undefined
    case 'ThresholdedReLU':
      return { name: type, config }
    default:
      return undefined
  }
}

function given(options: Readonly<Record<string, SavedValue | undefined>>): SavedPart['config'] {
  return Object.fromEntries(
    Object.entries(options).filter((entry): entry is [string, SavedValue] => entry[1] !== undefined),
  )
}

/** Layers that treat a mask differently in Keras than in TensorFlow.js, each with the class used instead in a network with masks. */
export const maskedForms: Readonly<Record<string, string>> = {
  TimeDistributed: 'UnmaskedTimeDistributed',
  Concatenate: 'MaskedConcatenate',
  Bidirectional: 'MaskedBidirectional',
}

/** Layers that read a mask in Keras, but in TensorFlow.js neither read a mask nor pass on a readable one. */
export const readsMaskInKeras: ReadonlySet<string> = new Set([
  'GlobalAveragePooling1D',
  'Add',
  'Average',
  'Maximum',
  'Minimum',
  'Multiply',
])

/** Whether a layer creates a mask. */
export function makesMask({ class_name: type, config }: SavedPart): boolean {
  return type === 'Masking' || (type === 'Embedding' && config['mask_zero'] === true)
}

/**
 * Prints a layer as a call: `layers.Conv2D(filters=32, kernel_size=(3, 3), name="conv2d")`.
 *
 * @throws KnownError if Keras 3 has no such layer.
 */
export function printKerasLayer(part: SavedPart, name?: string, isMasked = false): string {
  const { class_name: type } = part
  if (absent.has(type)) {
    throw new KnownError(
      'export',
      `Keras 3 has no layer ${type}, which ${name ?? 'the network'} uses.`,
      'Export with `--format tfjs`, or remove the layer from the spec.',
    )
  }
  const own = ownLayer(part)
  const masked = isMasked ? maskedForms[type] : undefined
  const config = own?.config ?? part.config
  const options = Object.entries(config).flatMap(([key, value]) => {
    if (value === null || unneeded.test(key) || (isDefault(key, value) && !required.has(`${type}.${key}`))) return []
    if (onlyOptions[type]?.has(key) === false) return []
    return [`${renamed[type]?.[key] ?? key}=${printValue(key, value)}`]
  })
  if (type === 'Bidirectional') options.push(...printBackwardLayer(config['layer'] as unknown as SavedPart))
  // Keras joins the masks with an operation that it also names `concatenate`.
  const ownName = masked === 'MaskedConcatenate' ? `${name}_masked` : name
  const named = name === undefined ? [] : [`name=${printString(ownName!)}`]
  return `${own?.name ?? masked ?? `layers.${type}`}(${[...options, ...named].join(', ')})`
}

/** Keras derives the backward layer only from a layer that runs forward; for a reversed one, both are stated. */
function printBackwardLayer(part: SavedPart): string[] {
  if (part.config['go_backwards'] !== true) return []
  return [`backward_layer=${printKerasLayer({ ...part, config: { ...part.config, go_backwards: false } })}`]
}

function isDefault(key: string, value: SavedValue): boolean {
  return defaults[key] === value || (key === 'dilation_rate' && [value].flat().every((rate) => rate === 1))
}

function printValue(key: string, value: SavedValue): string {
  if (key.endsWith('activation') && typeof value === 'string') return printActivation(value)
  if (isPart(value)) return printKerasLayer(value)
  if (typeof value === 'string') return printString(value)
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (value === null) return 'None'
  if (Array.isArray(value)) return printList(key, value as readonly SavedValue[])
  if (typeof value === 'object')
    throw new KnownError('export', `Keras 3 has no option ${key}.`, 'Export with `--format tfjs`.')
  return String(value)
}

/** Prints parts, such as cells, as a list, and sizes as a tuple. */
function printList(key: string, values: readonly SavedValue[]): string {
  const items = values.map((value) => printValue(key, value))
  if (values.some(isPart)) return `[${items.join(', ')}]`
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
}

function printActivation(name: string): string {
  return ownActivations[name] ?? printString(name === 'swish' ? 'silu' : name)
}

function isPart(value: SavedValue): value is SavedPart & Readonly<Record<string, SavedValue>> {
  return value !== null && typeof value === 'object' && 'class_name' in value && 'config' in value
}

/** Prints a string literal: JSON strings are also valid Python. */
export function printString(text: string): string {
  return JSON.stringify(text)
}
