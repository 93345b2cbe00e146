/** Operators that pad, cut and resize images. */
import { isKnown, type Dim } from '../../../../language/dims.ts'
import { integersOf, scalarOf, type Constant } from '../constants.ts'
import { numbersOf, numberOf, textOf } from '../graph.ts'
import { constantAt, passOn, valueAt, type OperatorForm, type Reading } from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, axisAt, channelsFirst, sizeAt, type Value } from '../values.ts'
import { channelsLast, padZeros } from './convolutions.ts'
import { lastStep, reverseSteps } from './recurrent.ts'

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
  const [first] = padded as [number]
  if (value.axes.length === 3 && padded.length === 1 && value.axes[first] !== 0)
    return padSteps(reading, value, first, borders.get(first)!)
  const image = imageOf(reading, value, padded)
  const sides = image.space.map((place) => borders.get(place) ?? ([0, 0] as const))
  return { ...image.value, layer: padZeros(reading, image.value.layer, sides), isOnly: true }
}

/** Adds zeros before and after the steps of a sequence, which any of its axes may be. */
function padSteps(reading: Reading, value: Value, place: number, border: readonly [number, number]): Value {
  const batch = value.axes.indexOf(0)
  const order = [batch, place, [0, 1, 2].find((one) => one !== batch && one !== place)!]
  const layer = padZeros(reading, arrange(reading.layers, value, order), [border])
  return { layer, axes: value.axes.map((_axis, one) => order.indexOf(one)), isOnly: true }
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

export const imageOperators: Readonly<Record<string, OperatorForm>> = {
  Pad: pad,
  Resize: resize,
  Upsample: resize,
  Slice: slice,
}
