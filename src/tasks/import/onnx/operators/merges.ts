/** Operators that combine tensors, and those that combine a tensor with stored numbers. */
import { shortestFloat } from '../../shortestFloat.ts'
import { isKnown } from '../../../../language/dims.ts'
import type { ImportedWeight } from '../../importedNetwork.ts'
import type { Constant } from '../constants.ts'
import type { DraftLayer } from '../draftLayers.ts'
import { numberOf } from '../graph.ts'
import {
  mayChange,
  passOn,
  valueAt,
  vector,
  weightOf,
  eachNumber,
  type OperatorForm,
  type Reading,
} from '../reading.ts'
import { refuse } from '../refusal.ts'
import { align, arrange, axisAt, isValue, outputOf, sizeAt, type Value } from '../values.ts'
import { ownAxes } from './activations.ts'
import { normalize } from './dense.ts'
import { joinedDirections } from './recurrent.ts'

function combine({ layers }: Reading, type: string, values: readonly Value[]): Value {
  const { inputs, axes } = align(
    layers,
    values.map((value) => unstretched(value, values)),
  )
  return { ...outputOf(layers.add(type, {}, inputs)), axes }
}

/** Leaves the stretching of a tensor to the layer that combines it with another one of the same sizes. */
function unstretched({ stretched, ...value }: Value, values: readonly Value[]): Value {
  const fits = values.some(
    (other) =>
      other.stretched === undefined &&
      other.axes.length === value.axes.length &&
      stretched?.every((size, place) => size === undefined || size === sizeAt(other, place)),
  )
  if (stretched && !fits) refuse('it stretches a tensor to sizes that no other one has')
  return value
}

/** A layer that takes any number of inputs. `mode` is the option of a bidirectional layer that does the same. */
const merge =
  (type: string, mode?: string): OperatorForm =>
  (reading) => {
    const values = reading.inputs.map((_input, index) => valueAt(reading, index))
    const joined = mode === undefined ? undefined : joinedDirections(reading, values, mode)
    if (joined) return joined
    return values.length === 1 ? passOn(reading, values[0]!) : combine(reading, type, values)
  }

/** The tensor and the stored numbers of two inputs; undefined if both are computed. */
function split({
  inputs,
}: Reading): { readonly value: Value; readonly stored: Constant; readonly index: number } | undefined {
  const [left, right] = inputs
  if (isValue(left) && right !== undefined && !isValue(right)) return { value: left, stored: right, index: 0 }
  if (isValue(right) && left !== undefined && !isValue(left)) return { value: right, stored: left, index: 1 }
  if (isValue(left) && isValue(right)) return undefined
  return refuse('an input is missing')
}

const add: OperatorForm = (reading) => {
  const parts = split(reading)
  return parts ? shift(reading, parts, 1) : merge('add', 'sum')(reading)
}

const subtract: OperatorForm = (reading) => {
  const parts = split(reading)
  if (parts?.index === 0) return shift(reading, parts, -1)
  const [left, right] = reading.inputs
  if (parts) return shift(reading, { ...parts, value: scaleBy(reading, parts.value, [-1]) }, 1)
  return combine(reading, 'add', [left as Value, scaleBy(reading, right as Value, [-1])])
}

const multiply: OperatorForm = (reading) => {
  const parts = split(reading)
  if (!parts) return merge('multiply', 'mul')(reading)
  return scaleBy(reading, parts.value, parts.stored.values, parts.stored)
}

const divide: OperatorForm = (reading) => {
  const parts = split(reading)
  if (parts?.index !== 0) refuse('it divides by a computed tensor, for which there is no layer')
  return scaleBy(
    reading,
    parts.value,
    parts.stored.values.map((one) => 1 / one),
    parts.stored,
  )
}

/** Multiplies by one number, or by one for each channel. */
function scaleBy(reading: Reading, value: Value, factors: ArrayLike<number>, stored?: Constant): Value {
  if (factors.length === 1) {
    const layer = reading.layers.add('rescaling', { scale: shortestFloat(factors[0]!) }, [value.layer])
    layer.awaits = 'offset'
    return eachNumber(value, layer)
  }
  const scaled = scaleNormalized(reading, value, { ...stored!, values: Float32Array.from(factors) })
  if (scaled) return scaled
  const count = factors.length
  const out = normalizeBy(reading, value, { ...stored!, values: Float32Array.from(factors) }, new Float32Array(count))
  out.layer.awaits = 'beta'
  return out
}

/** The factors of a layer normalization that has none yet. */
function scaleNormalized(reading: Reading, value: Value, factors: Constant): Value | undefined {
  const { layer } = value
  const { scale, ...options } = layer.options
  const index = reading.inputs.indexOf(value)
  const along =
    scale === false && options['center'] === false ? alongAxes(value, factors, normalizedAxes(layer)) : undefined
  if (along === undefined || !mayChange(reading, value, index)) return undefined
  layer.options = options
  layer.weights = [along]
  return passOn(reading, value, value.axes, index)
}

/** A batch normalization with the mean 0 and the standard deviation 1, which only scales and shifts. */
function normalizeBy(reading: Reading, value: Value, factors: Constant, shifts: Float32Array): Value {
  const epsilon = 0.001
  const own = value.flattened ? factors : ownAxes(factors, value)
  const axis = own.shape.findIndex((size) => size > 1)
  if (own.shape.filter((size) => size > 1).length !== 1) {
    refuse(
      `it combines its input with an array of the shape [${factors.shape.join(', ')}]`,
      'A layer takes one number, or one for each channel.',
    )
  }
  const place = value.flattened ? value.axes.length - 1 : value.axes.indexOf(axis + 1)
  const count = factors.values.length
  const arrays = [
    vector(own.values),
    vector(shifts),
    vector(new Float32Array(count)),
    vector(new Float32Array(count).fill(1 - epsilon)),
  ]
  return normalize(reading, value, place, arrays, epsilon)
}

/** Adds one number, or one for each channel: the bias or offset of the layer before, if that has none yet. */
function shift(
  reading: Reading,
  { value, stored, index }: { value: Value; stored: Constant; index: number },
  sign: 1 | -1,
): Value {
  const { layer } = value
  const shifts = Float32Array.from(stored.values, (one) => sign * one)
  const isFree = mayChange(reading, value, index)
  if (shifts.length === 1 && layer.awaits === 'offset' && isFree) {
    layer.options = { ...layer.options, ...(shifts[0] !== 0 && { offset: shortestFloat(shifts[0]!) }) }
    delete layer.awaits
    return passOn(reading, value, value.axes, index)
  }
  const along = alongAxes(value, { ...stored, values: shifts }, normalizedAxes(layer))
  if (along && isFree && layer.awaits !== undefined && layer.awaits !== 'offset') {
    const { useBias: _bias, center: _center, ...options } = layer.options
    layer.options = options
    layer.weights = layer.awaits === 'bias' ? [...layer.weights, along] : layer.weights.with(1, along)
    delete layer.awaits
    return passOn(reading, value, value.axes, index)
  }
  if (shifts.length === 1)
    return eachNumber(value, reading.layers.add('rescaling', { scale: 1, offset: shortestFloat(shifts[0]!) }, [layer]))
  return normalizeBy(reading, value, { ...stored, values: new Float32Array(shifts.length).fill(1) }, shifts)
}

/** The axes of a layer that a normalization has weights for; of any other layer, the last one, with its units or channels. */
function normalizedAxes({ options, shape }: DraftLayer): readonly number[] {
  const axes = [(options['axis'] as number | readonly number[] | undefined) ?? -1].flat()
  return axes.map((axis) => (axis < 0 ? axis + shape.length + 1 : axis))
}

/** The numbers for the places along some axes of a layer, as its weight; undefined if they are for other axes. */
function alongAxes(value: Value, stored: Constant, axes: readonly number[]): ImportedWeight | undefined {
  if (value.flattened || value.isReversed) return undefined
  const { shape, values } = stored.values.length === 1 ? stored : ownAxes(stored, value)
  const sizes = axes.map((axis) => value.layer.shape[axis - 1] ?? Number.NaN)
  const count = sizes.every(isKnown) ? sizes.reduce<number>((product, size) => product * size, 1) : undefined
  const fits = values.length === count && (count === 1 || axes.every((axis, index) => shape[axis - 1] === sizes[index]))
  return fits ? weightOf({ shape: sizes as number[], values }) : undefined
}

const concatenate: OperatorForm = (reading) => {
  const { layers, node } = reading
  const values = reading.inputs.map((_input, index) => valueAt(reading, index))
  const [first] = values as [Value]
  const axis = axisAt(first, numberOf(node, 'axis', 0))
  if (values.length === 1) return passOn(reading, first)
  const isLast = first.axes[axis] === first.layer.shape.length
  const joined = isLast ? joinedDirections(reading, values, 'concat') : undefined
  if (joined) return joined
  // Axes of size 1 that one of the layers lacks are left out of all of them.
  const isRagged = values.some(({ layer }) => layer.shape.length !== first.layer.shape.length)
  const lacking = first.axes.flatMap((_axis, place) =>
    isRagged && place !== axis && values.some(({ axes }) => axes[place] === null) ? [place] : [],
  )
  const without = (value: Value): Value => ({
    ...value,
    axes: value.axes.filter((_axis, place) => !lacking.includes(place)),
  })
  const joinable = isRagged ? values.map((value) => outputOf(arrange(layers, without(value)))) : values
  const { inputs, axes } = align(layers, joinable)
  const own = axes[axis - lacking.filter((place) => place < axis).length]
  if (own === null || own === undefined || own === 0) refuse('it joins its inputs along an axis of size 1 or the batch')
  const layer = layers.add('concatenate', { axis: own === inputs[0]!.shape.length ? -1 : own }, inputs)
  return {
    ...outputOf(layer),
    axes: lacking.reduce<Value['axes']>((all, place) => all.toSpliced(place, 0, null), axes),
  }
}

const negate: OperatorForm = (reading) => scaleBy(reading, valueAt(reading, 0), [-1])

export const mergeOperators: Readonly<Record<string, OperatorForm>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  Neg: negate,
  Sum: merge('add', 'sum'),
  Mean: merge('average', 'ave'),
  Max: merge('maximum'),
  Min: merge('minimum'),
  Concat: concatenate,
}
