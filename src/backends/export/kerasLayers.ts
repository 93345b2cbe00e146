/**
 * Layers of tf.layers as calls of Keras 3. What TensorFlow.js saves of a layer is Keras's own form already: its class, and
 * its options in Keras's words. What Keras 3 calls or computes otherwise is stated here.
 */
import { ExportError } from './exportError.ts'

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

/** Options that Keras 3 calls otherwise; undefined for one that it has not, and says by another. */
const renamed: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  LeakyReLU: { alpha: 'negative_slope' },
  RNN: { cells: undefined },
}

interface OwnFunction {
  readonly name: string
  readonly definition: string
}

/**
 * Functions of TensorFlow.js that Keras 3 has not, or has another one of that name for. They are registered, because
 * Keras copies the layer of a `Bidirectional` by what it would save of it.
 */
export const ownFunctions: Readonly<Record<string, OwnFunction>> = {
  hard_sigmoid: {
    name: 'tf_hard_sigmoid',
    definition: `@keras.saving.register_keras_serializable("shapewright")
def tf_hard_sigmoid(x):
    """As tf.layers has it; that of Keras 3 is less steep."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)`,
  },
  gelu_new: {
    name: 'gelu_new',
    definition: `@keras.saving.register_keras_serializable("shapewright")
def gelu_new(x):
    return keras.activations.gelu(x, approximate=True)`,
  },
}

/** Classes that Keras 3 has not. */
const absent: ReadonlySet<string> = new Set(['RandomWidth', 'ThresholdedReLU'])

/**
 * `layers.Conv2D(filters=32, kernel_size=(3, 3), name="conv2d")`.
 *
 * @throws ExportError where Keras 3 has no such layer.
 */
export function printKerasLayer({ class_name: type, config }: SavedPart, name?: string): string {
  if (absent.has(type)) {
    throw new ExportError(
      `Keras 3 has no layer ${type}, which ${name ?? 'the network'} is.`,
      'Export it as `--format tfjs`, or leave the layer out of the spec.',
    )
  }
  const ours = renamed[type] ?? {}
  const options = Object.entries(config).flatMap(([key, value]) => {
    if (value === null || unneeded.test(key) || isDefault(key, value)) return []
    const theirs = Object.hasOwn(ours, key) ? ours[key] : key
    return theirs === undefined ? [] : [`${theirs}=${printValue(key, value)}`]
  })
  const named = name === undefined ? [] : [`name=${printString(name)}`]
  return `layers.${type}(${[...options, ...named].join(', ')})`
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
    throw new ExportError(`Keras 3 has no such option: ${key}.`, 'Export it as `--format tfjs`.')
  return String(value)
}

/** Parts, such as cells, in a list; sizes in a tuple. */
function printList(key: string, values: readonly SavedValue[]): string {
  const items = values.map((value) => printValue(key, value))
  if (values.some(isPart)) return `[${items.join(', ')}]`
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
}

function printActivation(name: string): string {
  const own = Object.hasOwn(ownFunctions, name) ? ownFunctions[name] : undefined
  if (own) return own.name
  return printString(name === 'swish' ? 'silu' : name)
}

function isPart(value: SavedValue): value is SavedPart & Readonly<Record<string, SavedValue>> {
  return value !== null && typeof value === 'object' && 'class_name' in value && 'config' in value
}

/** JSON's strings are Python's, too. */
export function printString(text: string): string {
  return JSON.stringify(text)
}
