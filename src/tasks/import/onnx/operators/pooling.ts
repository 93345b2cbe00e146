/** Pooling over windows, and over all of a sequence or an image. */
import { isKnown } from '../../../../language/dims.ts'
import type { DraftLayer, DraftLayers } from '../draftLayers.ts'
import { numberOf, numbersOf } from '../graph.ts'
import { constantAt, passOn, valueAt, type OperatorForm, type Reading } from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, axisAt, channelsFirst, isValue, outputOf, type Value } from '../values.ts'
import {
  bordersOf,
  channelsLast,
  compact,
  isEmpty,
  isSame,
  padZeros,
  spaceOf,
  windowOf,
  type Borders,
  type Window,
} from './convolutions.ts'

/** The names of the layers of a kind, by the number of axes in space. */
interface Kind {
  readonly windows: readonly string[]
  readonly whole: readonly string[]
}

const largest: Kind = {
  windows: ['maxPooling1d', 'maxPooling2d', 'maxPooling3d'],
  whole: ['globalMaxPooling1d', 'globalMaxPooling2d'],
}
const average: Kind = {
  windows: ['averagePooling1d', 'averagePooling2d', 'averagePooling3d'],
  whole: ['globalAveragePooling1d', 'globalAveragePooling2d'],
}

const pool =
  (kind: Kind, isAverage: boolean): OperatorForm =>
  (reading) => {
    const { node } = reading
    const value = valueAt(reading, 0)
    if (node.outputs.slice(1).some(Boolean)) refuse('its places of the largest values are taken, too')
    const sizes = numbersOf(node, 'kernel_shape') ?? refuse('it states no size of its window')
    const window = windowOf(reading, sizes)
    if (window.dilations.some((one) => one !== 1)) refuse('its window is dilated')
    const layer = channelsLast(reading, value)
    const borders = withRest(reading, bordersOf(reading, window, spaceOf(layer)), window, layer)
    const type =
      kind.windows[sizes.length - 1] ?? refuse(`it slides over ${sizes.length} axes, for which there is no layer`)
    const strides = sizes.join() === window.strides.join() ? undefined : compact(window.strides)
    const options = { poolSize: compact(sizes), strides }
    const isCounted = isAverage && numberOf(node, 'count_include_pad', 0) === 1
    const isNoOp = sizes.every((size) => size === 1) && window.strides.every((one) => one === 1)
    if (isNoOp && isEmpty(borders)) return passOn(reading, value)
    const out = (input: DraftLayer, padding?: 'same') =>
      channelsFirst(withSign(reading.layers.add(type, { ...options, padding }, [input]), layer))
    if (isEmpty(borders)) return out(layer)
    if (isSame(borders, window, spaceOf(layer)) && !isCounted) return out(layer, 'same')
    // Zeros are as good as the lowest values, if no value is below 0.
    if (isAverage ? !isCounted : layer.isPositive !== true) {
      refuse(
        isAverage
          ? 'it leaves out the borders that it pads, by other sizes than `padding: same`'
          : 'it pads by other sizes than `padding: same`, and its input may be below 0',
        isAverage ? undefined : 'Place the activation before the pooling, then zeros are as good as its padding.',
      )
    }
    return out(padZeros(reading, layer, borders as Borders))
  }

function withSign(pooled: DraftLayer, input: DraftLayer): DraftLayer {
  pooled.isPositive = input.isPositive === true
  return pooled
}

/** With `ceil_mode`, a last window that the input fills in part counts, too: as if there were more after the input. */
function withRest(
  { node }: Reading,
  borders: Borders | 'same',
  { sizes, strides }: Window,
  layer: DraftLayer,
): Borders | 'same' {
  if (borders === 'same' || numberOf(node, 'ceil_mode', 0) === 0) return borders
  return borders.map(([before, after], axis) => {
    const size = spaceOf(layer)[axis]!
    const stride = strides[axis]!
    if (!isKnown(size)) refuse('it rounds a size up that is known only at run time')
    const count = Math.ceil((size + before + after - sizes[axis]!) / stride) + 1
    // A window that starts in the padding after the input is left out.
    const kept = (count - 1) * stride >= size + before ? count - 1 : count
    const end = Math.max((kept - 1) * stride + sizes[axis]! - size - before, after)
    if (end > after && numberOf(node, 'count_include_pad', 0) === 1) refuse('it rounds sizes up and counts its padding')
    return [before, end]
  })
}

/** Reduces axes of a tensor to one value for each channel. */
function whole(
  { layers }: Reading,
  value: Value,
  kind: Kind,
  [batch, channels]: readonly [number, number],
  isKept: boolean,
): Value {
  const places = value.axes.map((_axis, place) => place)
  const others = places.filter((place) => place !== batch && place !== channels)
  const layer = arrange(layers, value, [batch, ...others.filter((place) => value.axes[place] !== null), channels])
  const rank = layer.shape.length
  const type = kind.whole[rank - 2]
  const pooled = type === undefined ? wholeVolume(layers, layer, kind) : withSign(layers.add(type, {}, [layer]), layer)
  const axes = places.map((place) => (place === batch ? 0 : place === channels ? 1 : null))
  return { ...outputOf(pooled), axes: isKept ? axes : axes.filter((axis) => axis !== null) }
}

function wholeVolume(layers: DraftLayers, layer: DraftLayer, kind: Kind): DraftLayer {
  const sizes = spaceOf(layer)
  const type = kind.windows[sizes.length - 1]
  if (type === undefined || !sizes.every(isKnown)) refuse('it reduces a volume whose sizes are known only at run time')
  return layers.add('flatten', {}, [layers.add(type, { poolSize: compact(sizes as number[]) }, [layer])])
}

const wholeOf =
  (kind: Kind): OperatorForm =>
  (reading) =>
    whole(reading, valueAt(reading, 0), kind, [0, 1], true)

/** A mean or maximum over axes in space is a global pooling. */
const reduce =
  (kind: Kind): OperatorForm =>
  (reading) => {
    const { node, inputs } = reading
    const value = valueAt(reading, 0)
    const stated = isValue(inputs[1]) ? undefined : constantAt(reading, 1)
    const axes = [...(stated?.values ?? numbersOf(node, 'axes') ?? [])]
      .map((axis) => axisAt(value, axis))
      .toSorted((a, b) => a - b)
    const isKept = numberOf(node, 'keepdims', 1) === 1
    const own = axes.map((axis) => value.axes[axis]!)
    const others = value.axes.map((_axis, place) => place).filter((place) => !axes.includes(place))
    // One axis is left beside the batch: the channels, wherever they are.
    if (own.length === 0 || own.includes(0) || others.length !== 2 || own.every((axis) => axis === null)) {
      refuse(`it reduces the axes ${axes.join(', ')} of ${value.axes.length}, for which there is no layer`)
    }
    const [first, second] = others as [number, number]
    return whole(reading, value, kind, value.axes[first] === 0 ? [first, second] : [second, first], isKept)
  }

/** −max(−x): the fused form of the smallest of each window. */
const smallest: OperatorForm = (reading) => {
  const kind: Kind = { windows: ['', 'minPooling2d'], whole: [] }
  return pool(kind, false)(reading)
}

export const poolingOperators: Readonly<Record<string, OperatorForm>> = {
  MaxPool: pool(largest, false),
  AveragePool: pool(average, true),
  MinPool: smallest,
  GlobalMaxPool: wholeOf(largest),
  GlobalAveragePool: wholeOf(average),
  ReduceMax: reduce(largest),
  ReduceMean: reduce(average),
}
