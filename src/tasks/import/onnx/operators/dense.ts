/** Dense layers, embeddings and normalizations. */
import { shortestFloat } from '../../shortestFloat.ts'
import { permuteAxes } from '../../../../runtime/formats/axisOrder.ts'
import { isKnown } from '../../../../language/dims.ts'
import type { ImportedWeight } from '../../importedNetwork.ts'
import { emptyLike, type Constant } from '../constants.ts'
import type { DraftLayer } from '../draftLayers.ts'
import { numberOf, numbersOf, textOf } from '../graph.ts'
import {
  sharedArrays,
  constantAt,
  eachNumber,
  passOn,
  requiredConstant,
  valueAt,
  vector,
  weightOf,
  type OperatorForm,
  type Reading,
} from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, axisAt, isValue, outputOf, withoutOtherAxes, type Value } from '../values.ts'

/** Adds a dense layer. For a flattened image, the rows of the kernel come in the order of our image. */
function addDense(reading: Reading, value: Value, kernel: Constant, bias: ImportedWeight | undefined): Value {
  if (kernel.shape.length !== 2) refuse(`its kernel has the shape [${kernel.shape.join(', ')}]`)
  const { flattened } = value
  // Only the last axis matters; others, and the batch, may be in any order.
  const isLast = value.axes.at(-1) === value.layer.shape.length && value.axes.length > 2 && !value.isReversed
  const layer = flattened || isLast ? value.layer : arrange(reading.layers, value)
  const rows = flattened ? rowsAt(kernel, flattened.places) : kernel
  const options = { units: kernel.shape[1]!, useBias: bias !== undefined }
  const dense = reading.layers.addShared(
    flattened ? undefined : sharedArrays(reading),
    'dense',
    options,
    [layer],
    [weightOf(rows), ...(bias ? [bias] : [])],
  )
  if (!bias) dense.awaits = 'bias'
  return isLast && !flattened ? { ...outputOf(dense), axes: value.axes } : outputOf(dense)
}

function rowsAt({ shape, values }: Constant, places: Int32Array): Constant {
  const [, units] = shape as [number, number]
  if (shape[0] !== places.length) refuse(`its kernel has ${shape[0]} rows, but its input ${places.length} values`)
  const out = emptyLike(values, values.length)
  for (const [row, place] of places.entries()) out.set(values.subarray(row * units, (row + 1) * units), place * units)
  return { shape, values: out }
}

/** alpha · A · B + beta · C. */
const gemm: OperatorForm = (reading) => {
  const { node } = reading
  const value = valueAt(reading, 0)
  if (numberOf(node, 'transA', 0) !== 0) refuse('it transposes its input')
  const given = requiredConstant(reading, 1)
  const kernel = scaled(
    numberOf(node, 'transB', 0) === 0 ? given : permuteAxes(given, [1, 0]),
    numberOf(node, 'alpha', 1),
  )
  const units = kernel.shape[1]!
  const stated = constantAt(reading, 2)
  const bias = stated && scaled(stated, numberOf(node, 'beta', 1)).values
  if (bias && bias.length !== units && bias.length !== 1)
    refuse(`it adds an array of the shape [${stated.shape.join(', ')}]`)
  return addDense(
    reading,
    value,
    kernel,
    bias && vector(bias.length === units ? bias : new Float32Array(units).fill(bias[0]!)),
  )
}

function scaled({ shape, values }: Constant, factor: number): Constant {
  return { shape, values: factor === 1 ? values : values.map((value) => value * factor) }
}

const product: OperatorForm = (reading) => {
  const [left, right] = reading.inputs
  if (isValue(left) && isValue(right)) return vectorProducts(reading, left, right)
  if (!isValue(left)) refuse('it multiplies a stored matrix by its input, for which there is no layer')
  return addDense(reading, left, requiredConstant(reading, 1), undefined)
}

/** Vectors of length 1. The layer that multiplies them does that itself. */
const unitVectors: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const axis = value.axes[axisAt(value, numberOf(reading.node, 'axis', -1))]
  if (axis === null || axis === undefined) refuse('its vectors are along an axis of size 1')
  return { ...passOn(reading, value), isOnly: false, unitAxis: axis }
}

/** The products of the vectors along one axis of each input. */
function vectorProducts({ layers }: Reading, left: Value, right: Value): Value {
  const isPlain = [left, right].every(({ flattened, isReversed, axes, layer }) => {
    const own = axes.filter((axis) => axis !== null).length
    return axes.length === 3 && axes[0] === 0 && own === layer.shape.length + 1 && !flattened && !isReversed
  })
  const [, row, across] = left.axes
  const [, down, column] = right.axes
  if (!isPlain || !across || !down) refuse('it multiplies tensors that are no matrices')
  const areUnits = left.unitAxis === across && right.unitAxis === down
  if (!areUnits && (left.unitAxis ?? right.unitAxis) !== undefined)
    refuse('it takes vectors of length 1 from one input')
  const axes = across === down ? across : [across, down]
  const layer = layers.add('dot', { axes, normalize: areUnits }, [left.layer, right.layer])
  // The output has the rows of the left input, then the columns of the right one; of two vectors it has one axis.
  const columns = row === null ? 1 : 2
  return { ...outputOf(layer), axes: [0, row === null ? null : 1, column === null && row !== null ? null : columns] }
}

/** A row of a stored table for each whole number. */
export const gather: OperatorForm = (reading) => {
  const table = requiredConstant(reading, 0)
  const value = valueAt(reading, 1)
  if (table.shape.length !== 2 || numberOf(reading.node, 'axis', 0) !== 0)
    refuse('it takes rows of an array that is no table')
  const [inputDim, outputDim] = table.shape
  const places = arrange(reading.layers, value)
  return outputOf(reading.layers.add('embedding', { inputDim, outputDim }, [places], [weightOf(table)]))
}

/** Whole numbers as one vector of zeros and ones, or of counts. */
const categories: OperatorForm = (reading) => {
  const { node, layers } = reading
  const outputMode = textOf(node, 'outputMode', '')
  const layer = layers.add('categoryEncoding', { numTokens: numberOf(node, 'numTokens', 1), outputMode }, [
    arrange(layers, valueAt(reading, 0)),
  ])
  return { ...outputOf(layer), axes: outputMode === 'oneHot' ? [0, null, 1] : [0, 1] }
}

const batchNormalization: OperatorForm = (reading) => {
  const { node } = reading
  const value = valueAt(reading, 0)
  if (numberOf(node, 'training_mode', 0) === 1) refuse('it is in training mode', 'Export the model for prediction.')
  const arrays = [1, 2, 3, 4].map((index) => vector(requiredConstant(reading, index).values))
  const epsilon = shortestFloat(numberOf(node, 'epsilon', 1e-5))
  return normalize(reading, value, axisAt(value, 1), arrays, epsilon)
}

/** Adds a batch normalization along an axis of a tensor. */
export function normalize(
  reading: Reading,
  given: Value,
  axis: number,
  arrays: readonly ImportedWeight[],
  epsilon: number,
): Value {
  const value = withoutOtherAxes(reading.layers, given)
  const { flattened } = value
  const own = value.axes[axis]
  if (own === null || own === undefined || own === 0) refuse('it normalizes an axis of size 1')
  const options = { axis: own === value.layer.shape.length ? -1 : own, epsilon }
  const placed = flattened ? arrays.map(({ values }) => vector(valuesAt(values, flattened.places))) : arrays
  return eachNumber(value, reading.layers.add('batchNormalization', options, [value.layer], placed))
}

function valuesAt(values: Float32Array, places: Int32Array): Float32Array {
  const out = new Float32Array(values.length)
  for (const [index, place] of places.entries()) out[place] = values[index]!
  return out
}

/** Normalizes the last axes of a tensor, or those of a normalization that was several operators. */
const layerNormalization: OperatorForm = (reading) => {
  const { node, layers } = reading
  const value = valueAt(reading, 0)
  if (node.outputs.slice(1).some(Boolean)) refuse('its means are taken, too')
  const several = numbersOf(node, 'axes')?.map((axis) => value.axes[axisAt(value, axis)]!)
  const last = value.axes.slice(axisAt(value, numberOf(node, 'axis', -1)))
  const axes = (several ?? last).toSorted((a, b) => (a ?? 0) - (b ?? 0))
  const [gamma, beta] = [constantAt(reading, 1), constantAt(reading, 2)]
  if (value.flattened || value.isReversed || axes.some((axis) => axis === null || axis === 0))
    refuse('it normalizes an axis of size 1')
  const rank = value.layer.shape.length
  const options = {
    axis: axes.length === 1 && axes[0] === rank ? -1 : axes.length === 1 ? axes[0] : axes,
    epsilon: shortestFloat(numberOf(node, 'epsilon', 1e-5)),
    scale: gamma !== undefined,
    center: beta !== undefined,
  }
  if (numberOf(node, 'rank', value.axes.length) !== value.axes.length) refuse('it normalizes several axes')
  // The operator has its arrays in the order of the tensor's axes.
  const order = axes.map((axis) => (several ? axes : last).indexOf(axis))
  const sizes = (several ? axes : last).map((axis) => sizeOf(value.layer, axis!))
  const weights = [gamma, beta].flatMap((one) =>
    one ? [weightOf(permuteAxes({ shape: sizes, values: one.values }, order))] : [],
  )
  const layer = layers.add('layerNormalization', options, [value.layer], weights)
  if (!beta) layer.awaits = 'bias'
  return eachNumber(value, layer)
}

/** Normalizes each channel of a sample by itself, and then scales and shifts it. */
const instanceNormalization: OperatorForm = (reading) => {
  const value = withoutOtherAxes(reading.layers, valueAt(reading, 0))
  const channels = value.axes[axisAt(value, 1)]!
  const space = value.axes.filter((axis): axis is number => axis !== null && axis !== 0 && axis !== channels)
  if (value.flattened || value.isReversed || space.length === 0) refuse('its input has no axes in space')
  const axis = space.toSorted((a, b) => a - b)
  const options = {
    axis: axis.length === 1 ? axis[0] : axis,
    epsilon: shortestFloat(numberOf(reading.node, 'epsilon', 1e-5)),
    scale: false,
    center: false,
  }
  const normalized = eachNumber(value, reading.layers.add('layerNormalization', options, [value.layer]))
  const [gamma, beta] = [requiredConstant(reading, 1).values, requiredConstant(reading, 2).values]
  if (gamma.every((one) => one === 1) && beta.every((one) => one === 0)) return normalized
  const count = gamma.length
  const epsilon = 0.001
  const arrays = [gamma, beta, new Float32Array(count), new Float32Array(count).fill(1 - epsilon)].map(vector)
  return normalize(reading, normalized, axisAt(value, 1), arrays, epsilon)
}

function sizeOf(layer: DraftLayer, axis: number): number {
  const size = layer.shape[axis - 1]
  return isKnown(size) ? size : refuse('it normalizes an axis whose size is known only at run time')
}

export const denseOperators: Readonly<Record<string, OperatorForm>> = {
  Gemm: gemm,
  MatMul: product,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
  InstanceNormalization: instanceNormalization,
  UnitVectors: unitVectors,
  CategoryEncoding: categories,
}
