/**
 * The tensors of a graph in terms of layers. The layers of the language have channels last, the operators of ONNX channels
 * first. A tensor is the output of a layer with its axes in some order, so transposing it adds no layer.
 */
import { isKnown, type Dim, type Shape } from '../../../language/dims.ts'
import type { Constant } from './constants.ts'
import type { DraftLayer, DraftLayers } from './draftLayers.ts'
import { refuse } from './refusal.ts'

export interface Value {
  readonly layer: DraftLayer
  /**
   * For each axis of the tensor, the axis of the layer's output, whose batch is 0; null for an axis of size 1 that the output
   * lacks. Axes of size 1 of the output may be missing.
   */
  readonly axes: readonly (number | null)[]
  /** Whether nothing but this tensor takes the output of the layer, so that the layer may be changed. */
  readonly isOnly: boolean
  /** Whether the steps of a sequence are in the opposite order of the layer's. */
  readonly isReversed?: true
  /** Whether an axis of the two directions of a recurrent layer is apart from that of the units, which it is joined with. */
  readonly isSplit?: true
  /** The axis of the layer along which the tensor has its vectors scaled to length 1, which no layer does by itself. */
  readonly unitAxis?: number
  /** The sizes to which the tensor is stretched along axes of size 1; undefined for other axes. The layer has not got them. */
  readonly stretched?: readonly (number | undefined)[]
  /** For a flattened tensor: the place in the layer's output of each value, if they differ, and what was flattened. */
  readonly flattened?: { readonly places: Int32Array; readonly from: Value }
}

export type Operand = Value | Constant

export function isValue(operand: Operand | undefined): operand is Value {
  return operand !== undefined && 'layer' in operand
}

/** The output of a layer with all axes in their order. */
export function outputOf(layer: DraftLayer): Value {
  return { layer, axes: [0, ...layer.shape.map((_size, axis) => axis + 1)], isOnly: true }
}

/** The output of a layer with channels directly after the batch. */
export function channelsFirst(layer: DraftLayer): Value {
  const rank = layer.shape.length
  return { layer, axes: [0, rank, ...Array.from({ length: rank - 1 }, (_, axis) => axis + 1)], isOnly: true }
}

/** The size of an axis of a tensor; undefined for the batch. */
export function sizeAt({ layer, axes, isSplit }: Value, axis: number): Dim | undefined {
  const own = axes[axis]
  if (own === 0 || own === undefined) return undefined
  if (own === null) return isSplit ? 2 : 1
  const size = layer.shape[own - 1]!
  return isSplit && own === layer.shape.length && isKnown(size) ? size / 2 : size
}

/** The axis of a tensor for an axis that may count from the end. */
export function axisAt({ axes }: Pick<Value, 'axes'>, axis: number): number {
  const index = axis < 0 ? axes.length + axis : axis
  if (!(index >= 0 && index < axes.length)) refuse(`it has an axis ${axis}, but its input has ${axes.length} axes`)
  return index
}

/**
 * Returns a layer whose output has the axes of a tensor in a given order, the batch first. Adds layers that reorder the
 * axes, if needed.
 *
 * @param order The axes of the tensor.
 */
export function arrange(
  layers: DraftLayers,
  value: Value,
  order: readonly number[] = value.axes.map((_, axis) => axis),
): DraftLayer {
  if (value.isReversed) refuse('it takes the steps of a sequence in reverse order')
  if (value.flattened) return flattenAgain(layers, value.layer, value.flattened.from)
  const { layer } = value
  const own = order.map((axis) => value.axes[axis]!)
  if (own[0] !== 0) refuse('the batch is not the first axis of its input')
  const real = own.slice(1).filter((axis): axis is number => axis !== null)
  const isComplete = real.length === layer.shape.length && real.length === own.length - 1
  const rises = real.every((axis, index) => index === 0 || axis > real[index - 1]!)
  if (isComplete && rises) return layer
  const missing = layer.shape.map((_size, axis) => axis + 1).filter((axis) => !real.includes(axis))
  const turned = rises ? layer : layers.add('permute', { dims: [...real, ...missing] }, [layer])
  if (isComplete) return turned
  return layers.add(
    'reshape',
    { targetShape: statedSizes(own.slice(1).map((axis) => (axis === null ? 1 : layer.shape[axis - 1]!))) },
    [turned],
  )
}

/** The same tensor as the output of a layer that has no axes but those of the tensor. */
export function withoutOtherAxes(layers: DraftLayers, value: Value): Value {
  const hasAll = value.layer.shape.every((_size, axis) => value.axes.includes(axis + 1))
  return hasAll || value.flattened ? value : outputOf(arrange(layers, value))
}

/** Flattens an image in the order of the file. Layers after the flattening in our order take its values as they are. */
function flattenAgain(layers: DraftLayers, flat: DraftLayer, from: Value): DraftLayer {
  const isFirst = flat.inputs.length === 1 && flat.inputs[0] === from.layer
  const image = isFirst ? from.layer : layers.add('reshape', { targetShape: statedSizes(from.layer.shape) }, [flat])
  return layers.add('flatten', {}, [arrange(layers, { ...from, layer: image })])
}

/** Sizes as the option `targetShape` states them: one may be open. */
export function statedSizes(shape: Shape): number[] {
  if (shape.filter((size) => !isKnown(size)).length > 1)
    refuse('it changes a shape with several sizes that are known only at run time')
  return shape.map((size) => (isKnown(size) ? size : -1))
}

/** Returns the layers of several tensors of which ONNX combines the values at equal places, and the axes of the result. */
export function align(
  layers: DraftLayers,
  values: readonly Value[],
): { readonly inputs: readonly DraftLayer[]; readonly axes: Value['axes'] } {
  const rank = Math.max(...values.map(({ axes }) => axes.length))
  const ranked = values.map((value) => withRank(value, rank))
  const [lead] = ranked.toSorted((a, b) => b.layer.shape.length - a.layer.shape.length) as [Value]
  const isPlain =
    lead.isReversed !== true &&
    !lead.flattened &&
    lead.axes.filter((axis) => axis !== null).length === lead.layer.shape.length + 1
  // The axes of the tensor in the order of the leading layer; those of size 1 that it lacks come first.
  const places = lead.axes.map((_axis, place) => place)
  const order = isPlain ? places.toSorted((a, b) => rankOf(lead.axes[a]!) - rankOf(lead.axes[b]!)) : places
  const inputs = ranked.map((value) => {
    const first = order.slice(1).findIndex((place) => value.axes[place] !== null)
    return arrange(layers, value, [order[0]!, ...order.slice(first < 0 ? 1 : first + 1)])
  })
  const widest = Math.max(...inputs.map(({ shape }) => shape.length))
  const used = order.slice(order.length - widest)
  return {
    inputs,
    axes: places.map((place) => (place === order[0] ? 0 : used.includes(place) ? used.indexOf(place) + 1 : null)),
  }
}

/** The batch comes first, and axes that a layer lacks before the others. */
function rankOf(axis: number | null): number {
  return axis === 0 ? -1 : (axis ?? 0)
}

/** Adds axes of size 1 after the batch, which is where ONNX stretches a tensor with fewer axes; it must then have no batch. */
function withRank(value: Value, rank: number): Value {
  const missing = rank - value.axes.length
  if (missing === 0) return value
  return refuse(`it combines tensors of ${value.axes.length} and ${rank} axes, of which the batch is one`)
}
