/** Operators that move, cut and enlarge: many of them only change which axes a tensor has, and add no layer. */
import { stridesOf } from '../../../../runtime/formats/axisOrder.ts'
import { isKnown, type Dim } from '../../../../language/dims.ts'
import { integersOf, scalarOf, type Constant } from '../constants.ts'
import { numberOf, numbersOf, textOf } from '../graph.ts'
import { constantAt, passOn, requiredConstant, valueAt, type OperatorForm, type Reading } from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, axisAt, channelsFirst, isValue, outputOf, sizeAt, type Value } from '../values.ts'
import { channelsLast, padZeros } from './convolutions.ts'
import { lastStep, reverseSteps } from './recurrent.ts'
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
  return flattened(reading, value)
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

const pad: OperatorForm = (reading) => {
  const { node } = reading
  const value = valueAt(reading, 0)
  const mode = textOf(node, 'mode', 'constant')
  const fill = constantAt(reading, 2)
  const filled = (fill && scalarOf(fill)) ?? numberOf(node, 'value', 0)
  const isOther = mode !== 'constant'
  if (isOther || filled !== 0) refuse(isOther ? `it pads by ${mode}` : `it pads by ${filled}`, 'A layer pads by zeros.')
  const stated = constantAt(reading, 1)
  const pads = stated ? integersOf(stated) : [...(numbersOf(node, 'pads') ?? [])]
  const some = constantAt(reading, 3)
  const places = some ? integersOf(some).map((axis) => axisAt(value, axis)) : value.axes.map((_axis, place) => place)
  const borders = new Map(
    places.map((place, index) => [place, [pads[index] ?? 0, pads[index + places.length] ?? 0] as const]),
  )
  const padded = [...borders].filter(([, pair]) => pair.some((size) => size !== 0)).map(([place]) => place)
  if (padded.length === 0) return passOn(reading, value)
  const image = imageOf(reading, value, padded)
  const sides = image.space.map((place) => borders.get(place) ?? ([0, 0] as const))
  return { ...image.value, layer: padZeros(reading, image.value.layer, sides), isOnly: true }
}

/** Returns a tensor as an image of which two axes change, and the axes of the tensor that are the rows and columns. */
function imageOf(
  { layers }: Reading,
  value: Value,
  changed: readonly number[],
): { readonly value: Value; readonly space: readonly number[] } {
  if (value.axes.length !== 4 || changed.includes(value.axes.indexOf(0)))
    refuse('it changes other axes than those of an image')
  const isPlain = value.layer.shape.length === 3 && !value.isReversed && !value.flattened
  const last = isPlain ? value.axes.indexOf(3) : -1
  if (last >= 0 && !changed.includes(last)) return { value, space: [value.axes.indexOf(1), value.axes.indexOf(2)] }
  const channels =
    [1, 2, 3].find((place) => !changed.includes(place)) ?? refuse('it changes the channels of an image, too')
  const order = [0, ...[1, 2, 3].filter((place) => place !== channels), channels]
  const layer = arrange(layers, value, order)
  return {
    value: { layer, axes: value.axes.map((_axis, place) => order.indexOf(place)), isOnly: true },
    space: order.slice(1, 3),
  }
}

const resize: OperatorForm = (reading) => {
  const { node, layers } = reading
  const value = valueAt(reading, 0)
  const isOld = reading.operatorSet < 11
  const factors = isOld ? (constantAt(reading, 1) ?? listed(numbersOf(node, 'scales'))) : constantAt(reading, 2)
  const stated = constantAt(reading, 3)
  const layer = channelsLast(reading, value)
  const [height, width] = layer.shape
  if (layer.shape.length !== 3) refuse('it resizes something else than images')
  const mode = textOf(node, 'mode', 'nearest')
  const placing = isOld ? 'asymmetric' : textOf(node, 'coordinate_transformation_mode', 'half_pixel')
  const interpolation = { nearest: 'nearest', linear: 'bilinear' }[mode] ?? refuse(`it interpolates by ${mode}`)
  const sizes = stated?.values.length ? integersOf(stated).slice(2) : undefined
  const scales = factors?.values.length
    ? integersOf(factors).slice(2)
    : sizes?.map((size, axis) => size / (layer.shape[axis] as number))
  if (scales === undefined || scales.length !== 2) refuse('it states no sizes')
  if (placing === 'align_corners') {
    const [rows, columns] =
      sizes ?? [height, width].map((size, axis) => (isKnown(size) ? Math.floor(size * scales[axis]!) : Number.NaN))
    return channelsFirst(layers.add('resizing', { height: rows, width: columns, interpolation }, [layer]))
  }
  const isWhole = scales.every((scale) => Number.isInteger(scale) && scale >= 1)
  const rounding = textOf(node, 'nearest_mode', 'round_prefer_floor')
  const repeats =
    mode === 'nearest' && (isOld || (placing === 'asymmetric' ? rounding === 'floor' : placing.includes('half_pixel')))
  if (!isWhole || !(repeats || (mode === 'linear' && placing === 'asymmetric'))) {
    refuse(
      `it resizes by the factors ${scales.join(' and ')}, with the mode ${mode} and the coordinates ${placing}`,
      'Whole factors with `nearest`, or `align_corners`, have a layer.',
    )
  }
  return channelsFirst(layers.add('upSampling2d', { size: scales, interpolation }, [layer]))
}

function listed(values: readonly number[] | undefined): Constant | undefined {
  return values && { shape: [values.length], values: Float32Array.from(values) }
}

/** Cuts the borders of an image, takes the last step of a recurrent layer, or reverses its steps. */
const slice: OperatorForm = (reading) => {
  const { node, layers } = reading
  const value = valueAt(reading, 0)
  const list = (name: string, index: number) => {
    const input = reading.inputs.length > index ? constantAt(reading, index) : undefined
    return input ? integersOf(input) : numbersOf(node, name)
  }
  const [starts, ends] = [list('starts', 1), list('ends', 2)]
  if (!starts || !ends) refuse('it states no range')
  const places = (list('axes', 3) ?? starts.map((_start, index) => index)).map((axis) => axisAt(value, axis))
  const steps = list('steps', 4) ?? starts.map(() => 1)
  if (places.length === 1 && steps[0] === -1) return reverseSteps(reading, value, places[0]!)
  if (steps.some((step) => step !== 1)) refuse('it takes every second value, or others, in steps')
  const cut = new Map(places.map((place, index) => [place, cutOf(sizeAt(value, place), starts[index]!, ends[index]!)]))
  const changed = [...cut].filter(([, pair]) => pair.some((size) => size !== 0))
  if (changed.length === 0) return passOn(reading, value)
  const last = changed.length === 1 && lastStep(reading, value, changed[0]![0], changed[0]![1])
  if (last) return last
  const image = imageOf(
    reading,
    value,
    changed.map(([place]) => place),
  )
  const cropping = image.space.map((place) => cut.get(place) ?? [0, 0])
  return { ...image.value, layer: layers.add('cropping2D', { cropping }, [image.value.layer]), isOnly: true }
}

/** The values that are left out before and after a range. */
function cutOf(size: Dim | undefined, start: number, end: number): readonly [number, number] {
  if (!isKnown(size)) {
    if (start >= 0 && end < 0) return [start, -end]
    return start >= 0 && end > 2 ** 30 ? [start, 0] : refuse('it cuts an axis whose size is known only at run time')
  }
  const at = (place: number) => Math.min(Math.max(place < 0 ? place + size : place, 0), size)
  return [at(start), size - at(end)]
}

/** A row of a table, or the last step of a recurrent layer. */
const gathered: OperatorForm = (reading) => {
  const { node, inputs } = reading
  if (!isValue(inputs[0])) return gather(reading)
  const value = inputs[0]
  const place = axisAt(value, numberOf(node, 'axis', 0))
  const index = scalarOf(requiredConstant(reading, 1))
  const size = sizeAt(value, place)
  const found =
    index !== undefined &&
    (index === -1 || (isKnown(size) && index === size - 1)) &&
    lastStep(reading, value, place, [isKnown(size) ? size - 1 : 1, 0])
  if (!found) refuse('it takes one of several values of an axis')
  return { ...found, axes: found.axes.filter((_axis, at) => at !== place) }
}

/** The same vector at each step. */
const tile: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const times = integersOf(requiredConstant(reading, 1))
  const repeated = times.flatMap((count, place) => (count !== 1 ? [place] : []))
  if (repeated.length === 0) return passOn(reading, value)
  const [place] = repeated as [number]
  const isVector = value.layer.shape.length === 1 && value.axes.length === 3 && value.axes[place] === null
  if (repeated.length > 1 || !isVector) refuse('it repeats something else than a vector')
  const layer = reading.layers.add('repeatVector', { n: times[place]! }, [value.layer])
  return { ...outputOf(layer), axes: value.axes.map((axis) => (axis === null ? 1 : axis === 0 ? 0 : 2)) }
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
  const sizes = value.axes.map((_axis, place) => sizeAt(value, place))
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
  Pad: pad,
  Resize: resize,
  Upsample: resize,
  Slice: slice,
  Gather: gathered,
  Tile: tile,
  Shape: shapeOf,
}
