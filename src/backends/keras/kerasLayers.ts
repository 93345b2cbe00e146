/**
 * Layers of tf.layers as calls of Keras 3. What TensorFlow.js saves of a layer is Keras's own form already: its class, and
 * its options in Keras's words. What Keras 3 calls or computes otherwise is stated here.
 */
import { KnownError } from '../../system/knownError.ts'

export type SavedValue =
  null | boolean | number | string | readonly SavedValue[] | { readonly [key: string]: SavedValue }

/** A layer, a cell or an initializer, as `toJSON` gives it. */
export interface SavedPart {
  readonly class_name: string
  readonly config: Readonly<Record<string, SavedValue>>
}

/** Options without a meaning once the weights are there, and such as Keras 3 has not. */
const unneeded =
  /(initializer|regularizer|constraint)$|^(name|dtype|batch_input_shape|input_shape|input_length|implementation|sparse|unit_forget_bias|noise_shape|seed)$/

/** What is left out for being Keras's default, whichever the layer is. */
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

/** Options that Keras 3 has no default for. */
const required: ReadonlySet<string> = new Set(['Activation.activation'])

/** Options that Keras 3 calls otherwise. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LeakyReLU: { alpha: 'negative_slope' },
}

/** All options of a layer, where what TensorFlow.js saves of it holds others besides: those of its cell. */
const onlyOptions: Readonly<Record<string, ReadonlySet<string>>> = {
  RNN: new Set(['cell', 'return_sequences', 'go_backwards', 'trainable']),
}

/** Activations that Keras 3 has not, or has another one of that name for. */
const ownActivations: Readonly<Record<string, string>> = { hard_sigmoid: 'tf_hard_sigmoid', gelu_new: 'gelu_new' }

/** Classes that Keras 3 has not. */
const absent: ReadonlySet<string> = new Set(['RandomWidth'])

/** A layer that the module defines itself: Keras 3 has none like it, or computes something else. */
interface OwnLayer {
  readonly name: string
  readonly config: SavedPart['config']
}

/** Undefined where the layer of Keras 3 is the same one. */
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

/** Layers that treat a mask otherwise in Keras than in TensorFlow.js, by what is used in a network with masks. */
export const maskedForms: Readonly<Record<string, string>> = {
  TimeDistributed: 'UnmaskedTimeDistributed',
  Concatenate: 'MaskedConcatenate',
  Bidirectional: 'MaskedBidirectional',
}

/** Layers that read a mask in Keras, and in TensorFlow.js none, nor hand on one that can be read. */
export const readsMaskInKeras: ReadonlySet<string> = new Set([
  'GlobalAveragePooling1D',
  'Add',
  'Average',
  'Maximum',
  'Minimum',
  'Multiply',
])

/** Whether a layer marks steps to be skipped. */
export function makesMask({ class_name: type, config }: SavedPart): boolean {
  return type === 'Masking' || (type === 'Embedding' && config['mask_zero'] === true)
}

/**
 * `layers.Conv2D(filters=32, kernel_size=(3, 3), name="conv2d")`.
 *
 * @throws KnownError where Keras 3 has no such layer.
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
  // Keras joins the masks by an operation of that name, which it calls `concatenate`, too.
  const ownName = masked === 'MaskedConcatenate' ? `${name}_masked` : name
  const named = name === undefined ? [] : [`name=${printString(ownName!)}`]
  return `${own?.name ?? masked ?? `layers.${type}`}(${[...options, ...named].join(', ')})`
}

/** Keras makes the other layer of one that takes the steps from the first to the last only. */
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

/** Parts, such as cells, in a list; sizes in a tuple. */
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

/** JSON's strings are Python's, too. */
export function printString(text: string): string {
  return JSON.stringify(text)
}
