/** Operators that move values: many of them only change which axes a tensor has, and add no layer. */
import { stridesOf } from '../../../../runtime/formats/axisOrder.ts'
import { isKnown, type Dim } from '../../../../language/dims.ts'
import { integersOf, scalarOf } from '../constants.ts'
import { numberOf, numbersOf } from '../graph.ts'
import { constantAt, passOn, requiredConstant, valueAt, type OperatorForm, type Reading } from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, axisAt, isValue, outputOf, sizeAt, type Value } from '../values.ts'
import { joinSteps, splitSteps } from '../eachStep.ts'
import { lastStep, oneDirection } from './recurrent.ts'
import { gather } from './dense.ts'

const same: OperatorForm = (reading) => passOn(reading, valueAt(reading, 0))

const transposed: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const order = numbersOf(reading.node, 'perm') ?? value.axes.map((_axis, place) => place).toReversed()
  if (value.flattened && order.some((axis, place) => axis !== place)) refuse('it transposes a flattened image')
  return passOn(
    reading,
    value,
    order.map((axis) => value.axes[axisAt(value, axis)]!),
  )
}

const flatten: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  if (numberOf(reading.node, 'axis', 1) !== 1) refuse('it flattens the batch, too')
  return flattened(reading, joinDirections(value))
}

/** Joins all axes after the batch. */
function flattened(reading: Reading, value: Value): Value {
  const { layers } = reading
  const { layer, axes } = value
  if (value.flattened) return passOn(reading, value)
  if (axes[0] !== 0 || value.isReversed) refuse('the batch is not the first axis of its input')
  if (layer.shape.length === 1) return passOn(reading, value, [0, 1])
  const own = axes.slice(1).filter((axis): axis is number => axis !== null)
  const flat = outputOf(layers.add('flatten', {}, [layer]))
  if (own.every((axis, index) => index === 0 || axis > own[index - 1]!)) return flat
  const places = placesOf(layer.shape, own)
  return places.every((place, index) => place === index)
    ? flat
    : { ...flat, flattened: { places, from: { ...value, isOnly: false } } }
}

/** For each value of a tensor, in its order, the place in the output of its layer. */
function placesOf(shape: readonly Dim[], axes: readonly number[]): Int32Array {
  if (!shape.every(isKnown)) refuse('it flattens an image whose sizes are known only at run time')
  const sizes = shape as readonly number[]
  const steps = stridesOf(sizes)
  let places = [0]
  for (const axis of axes) {
    const [size, step] = [sizes[axis - 1]!, steps[axis - 1]!]
    places = places.flatMap((place) => Array.from({ length: size }, (_, index) => place + index * step))
  }
  return Int32Array.from(places)
}

const reshape: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const stated = reading.inputs.length > 1 ? requiredConstant(reading, 1) : undefined
  const target = stated ? integersOf(stated) : [...(numbersOf(reading.node, 'shape') ?? refuse('it states no shape'))]
  return reshaped(reading, value, target)
}

/** @param target As ONNX states it: 0 keeps a size, -1 follows from the others, NaN is known only at run time. */
function reshaped(reading: Reading, given: Value, target: readonly number[]): Value {
  const ofSteps = splitSteps(reading.layers, given, target) ?? joinSteps(reading.layers, given, target)
  if (ofSteps) return ofSteps
  const batch = given.axes.indexOf(0)
  const { shape } = given.layer
  const total = shape.every(isKnown) ? (shape as number[]).reduce((product, size) => product * size, 1) : undefined
  const rest = target.flatMap((size, place) => (place === batch ? [] : [size === 0 ? sizeAt(given, place) : size]))
  const known = rest.map((size) => (isKnown(size) && size > 0 ? size : undefined))
  const open = known.filter((size) => size === undefined).length
  const product = known.reduce<number>((all, size) => all * (size ?? 1), 1)
  const fits = total === undefined || (open === 0 ? total === product : target[batch] !== -1 && total % product === 0)
  if (target.length <= batch || open > 1 || !fits) {
    refuse('it joins the batch with another axis, or its shape follows from sizes that are known only at run time')
  }
  const wanted = known.map((size) => size ?? (total === undefined ? -1 : total / product))
  const value = joinDirections(given)
  if (wanted.length === 1 && batch === 0) return flattened(reading, value)
  const unchanged = withOnes(value, wanted, batch)
  if (unchanged) return passOn(reading, value, unchanged)
  if (batch > 0) refuse('the batch is not the first axis of its input')
  return outputOf(reading.layers.add('reshape', { targetShape: wanted }, [arrange(reading.layers, value)]))
}

/** Joins the axis of the directions of a recurrent layer with that of its units, which has to follow. */
function joinDirections({ isSplit, ...value }: Value): Value {
  if (!isSplit) return value
  const place = value.axes.indexOf(null)
  if (value.axes[place + 1] !== value.layer.shape.length)
    refuse('it takes the two directions of a recurrent layer apart')
  return { ...value, axes: value.axes.toSpliced(place, 1) }
}

/** The axes of a tensor of which only axes of size 1 are added or removed; undefined if others change. */
function withOnes(value: Value, wanted: readonly number[], batch: number): Value['axes'] | undefined {
  if (value.flattened) return undefined
  const left = value.axes.filter((axis, place) => axis !== 0 && sizeAt(value, place) !== 1)
  const singles = value.axes.filter((axis, place) => axis !== null && axis !== 0 && sizeAt(value, place) === 1)
  const axes: (number | null)[] = []
  for (const size of wanted) {
    if (size === 1) axes.push(singles.shift() ?? null)
    else {
      const axis = left.shift()
      const own = axis === undefined || axis === null ? undefined : value.layer.shape[axis - 1]
      if (own !== size) return undefined
      axes.push(axis!)
    }
  }
  return left.length === 0 ? axes.toSpliced(batch, 0, 0) : undefined
}

/** The axes of `Squeeze` and `Unsqueeze`: an attribute before version 13, an input from then on. */
function statedAxes(reading: Reading): readonly number[] | undefined {
  const input = reading.inputs.length > 1 ? constantAt(reading, 1) : undefined
  return input ? integersOf(input) : numbersOf(reading.node, 'axes')
}

const squeeze: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const stated = statedAxes(reading)?.map((axis) => axisAt(value, axis))
  const gone = stated ?? value.axes.flatMap((axis, place) => (axis !== 0 && sizeAt(value, place) === 1 ? [place] : []))
  if (gone.some((place) => sizeAt(value, place) !== 1)) refuse('it removes an axis whose size is not 1')
  return passOn(
    reading,
    value,
    value.axes.filter((_axis, place) => !gone.includes(place)),
  )
}

const unsqueeze: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const stated = statedAxes(reading) ?? refuse('it states no axes')
  const rank = value.axes.length + stated.length
  const added = new Set(stated.map((axis) => (axis < 0 ? axis + rank : axis)))
  const left = [...value.axes]
  return passOn(
    reading,
    value,
    Array.from({ length: rank }, (_, place) => (added.has(place) ? null : left.shift()!)),
  )
}

/** A row of a table, or one direction or the last step of a recurrent layer. */
const gathered: OperatorForm = (reading) => {
  const { node, inputs } = reading
  if (!isValue(inputs[0])) return gather(reading)
  const value = inputs[0]
  const place = axisAt(value, numberOf(node, 'axis', 0))
  const row = node.attributes.get('row')
  const index = typeof row === 'number' ? row : scalarOf(requiredConstant(reading, 1))
  const size = sizeAt(value, place)
  if (value.isSplit && value.axes[place] === null && index !== undefined)
    return oneDirection(reading, value, index === 1 || index === -1)
  const without = (axes: Value['axes']) => axes.filter((_axis, at) => at !== place)
  // The only one, such as the final state of the only direction of a recurrent layer.
  if (size === 1 && value.axes[place] !== 0 && (index === 0 || index === -1)) {
    return passOn(reading, value, without(value.axes))
  }
  const found =
    index !== undefined &&
    (index === -1 || (isKnown(size) && index === size - 1)) &&
    lastStep(reading, value, place, [isKnown(size) ? size - 1 : 1, 0])
  if (!found) refuse('it takes one of several values of an axis')
  return { ...found, axes: without(found.axes) }
}

/** Stretches axes of size 1: a vector to equal steps, and any tensor for what combines it with another one of these sizes. */
const expand: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const target = integersOf(requiredConstant(reading, 1))
  if (target.length !== value.axes.length) refuse('it adds axes')
  const stretched = target.map((size, place) => (sizeAt(value, place) === 1 && size !== 1 ? size : undefined))
  const places = stretched.flatMap((size, place) => (size === undefined ? [] : [place]))
  if (places.length === 0) return passOn(reading, value)
  if (places.some((place) => !(stretched[place]! > 0)))
    refuse('it stretches an axis to a size that is known only at run time')
  const [place] = places as [number]
  return places.length === 1 && isStep(value, place)
    ? repeatVector(reading, value, place, stretched[place]!)
    : { ...passOn(reading, value), stretched }
}

/** Whether an axis is between those of the batch and of a vector. */
function isStep({ layer, axes }: Value, place: number): boolean {
  return layer.shape.length === 1 && axes.length === 3 && axes[place] === null
}

function repeatVector({ layers }: Reading, { layer, axes }: Value, place: number, n: number): Value {
  const repeated = layers.add('repeatVector', { n }, [layer])
  return { ...outputOf(repeated), axes: axes.map((axis, one) => (one === place ? 1 : axis === 0 ? 0 : 2)) }
}

/** The same vector at each step. */
const tile: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const times = integersOf(requiredConstant(reading, 1))
  const repeated = times.flatMap((count, place) => (count !== 1 ? [place] : []))
  if (repeated.length === 0) return passOn(reading, value)
  const [place] = repeated as [number]
  if (repeated.length > 1 || !isStep(value, place)) refuse('it repeats something else than a vector')
  return repeatVector(reading, value, place, times[place]!)
}

const dropout: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const stated = constantAt(reading, 1)
  const rate = Number(((stated && scalarOf(stated)) ?? numberOf(reading.node, 'ratio', 0.5)).toPrecision(6))
  if (rate === 0) return passOn(reading, value)
  const layer = reading.layers.add('dropout', { rate }, [value.layer])
  layer.isPositive = value.layer.isPositive === true
  return { ...value, layer, isOnly: true }
}

/** The sizes of a tensor, as integers for operators that change shapes. */
const shapeOf: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const all = value.axes.map((_axis, place) => sizeAt(value, place))
  const sizes = all.slice(numberOf(reading.node, 'start', 0), numberOf(reading.node, 'end', all.length))
  const values = Float64Array.from(sizes, (size) => (isKnown(size) ? size : Number.NaN))
  return { shape: [values.length], values }
}

export const shapeOperators: Readonly<Record<string, OperatorForm>> = {
  Identity: same,
  Cast: same,
  Dropout: dropout,
  Transpose: transposed,
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Gather: gathered,
  Tile: tile,
  Expand: expand,
  Shape: shapeOf,
}
