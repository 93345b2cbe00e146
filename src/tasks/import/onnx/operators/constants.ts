/** Operators whose inputs are all stored in the file: their values are computed while it is read. */
import { permuteAxes, stridesOf } from '../../../../runtime/formats/axisOrder.ts'
import { emptyLike, integersOf, scalarOf, type Constant } from '../constants.ts'
import { isTensor } from '../decodeModel.ts'
import { numberOf, numbersOf } from '../graph.ts'
import { requiredConstant, type OperatorForm, type Reading } from '../reading.ts'
import { refuse } from '../refusal.ts'

/** The most values that a computed array may have. */
const mostValues = 2 ** 28

function counted(shape: readonly number[]): number {
  const count = shape.reduce((product, size) => product * size, 1)
  if (!(count <= mostValues)) refuse(`it computes an array of ${count} values, more than ${mostValues}`)
  return count
}

/** Combines two arrays number by number, where one has a single number or both have the same shape, or stretches axes of size 1. */
const combine =
  (operation: (a: number, b: number) => number): OperatorForm =>
  (reading) => {
    const [a, b] = [requiredConstant(reading, 0), requiredConstant(reading, 1)]
    const rank = Math.max(a.shape.length, b.shape.length)
    const sizes = [a, b].map(({ shape }) => [...Array.from({ length: rank - shape.length }, () => 1), ...shape]) as [
      number[],
      number[],
    ]
    const shape = sizes[0].map((size, axis) => (size === 1 ? sizes[1][axis]! : size))
    const values = emptyLike(a.values instanceof Float32Array ? a.values : b.values, counted(shape))
    const [ofA, ofB] = sizes.map((own) => stridesOf(own).map((step, axis) => (own[axis] === 1 ? 0 : step))) as [
      number[],
      number[],
    ]
    const steps = stridesOf(shape)
    for (let index = 0; index < values.length; index += 1) {
      let [placeA, placeB] = [0, 0]
      for (let axis = 0; axis < rank; axis += 1) {
        const at = Math.floor(index / steps[axis]!) % shape[axis]!
        placeA += at * ofA[axis]!
        placeB += at * ofB[axis]!
      }
      values[index] = operation(a.values[placeA]!, b.values[placeB]!)
    }
    return { shape, values }
  }

const each =
  (operation: (value: number) => number): OperatorForm =>
  (reading) => {
    const { shape, values } = requiredConstant(reading, 0)
    return { shape, values: values.map(operation) }
  }

const withShape = ({ values }: Constant, shape: readonly number[]): Constant => ({ shape, values })

const reshape: OperatorForm = (reading) => {
  const given = requiredConstant(reading, 0)
  const target = integersOf(requiredConstant(reading, 1)).map((size, axis) => (size === 0 ? given.shape[axis]! : size))
  const rest = target.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const shape = target.map((size) => (size === -1 ? given.values.length / rest : size))
  if (counted(shape) !== given.values.length) refuse('its shape does not fit')
  return withShape(given, shape)
}

function axesOf(reading: Reading): readonly number[] {
  return reading.inputs.length > 1 ? integersOf(requiredConstant(reading, 1)) : (numbersOf(reading.node, 'axes') ?? [])
}

const squeeze: OperatorForm = (reading) => {
  const given = requiredConstant(reading, 0)
  const axes = axesOf(reading).map((axis) => (axis < 0 ? axis + given.shape.length : axis))
  return withShape(
    given,
    given.shape.filter((size, axis) => (axes.length > 0 ? !axes.includes(axis) : size !== 1)),
  )
}

const unsqueeze: OperatorForm = (reading) => {
  const given = requiredConstant(reading, 0)
  const stated = axesOf(reading)
  const rank = given.shape.length + stated.length
  const added = new Set(stated.map((axis) => (axis < 0 ? axis + rank : axis)))
  const left = [...given.shape]
  return withShape(
    given,
    Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : left.shift()!)),
  )
}

const turned: OperatorForm = (reading) => {
  const given = requiredConstant(reading, 0)
  return permuteAxes(given, numbersOf(reading.node, 'perm') ?? given.shape.map((_size, axis) => axis).toReversed())
}

/** Lists only: shapes are put together from them. */
const concatenate: OperatorForm = (reading) => {
  const parts = reading.inputs.map((_input, index) => requiredConstant(reading, index))
  if (parts.some(({ shape }) => shape.length !== 1)) refuse('it joins stored arrays of several axes')
  const values = parts.flatMap((part) => [...part.values])
  return {
    shape: [values.length],
    values: parts.every((part) => part.values instanceof Float32Array)
      ? Float32Array.from(values)
      : Float64Array.from(values),
  }
}

const gather: OperatorForm = (reading) => {
  const [list, places] = [requiredConstant(reading, 0), requiredConstant(reading, 1)]
  if (list.shape.length !== 1) refuse('it takes parts of a stored array of several axes')
  const values = places.values.map((place) => list.values.at(place) ?? refuse('its index is outside of its list'))
  return {
    shape: places.shape,
    values: list.values instanceof Float32Array ? Float32Array.from(values) : Float64Array.from(values),
  }
}

const slice: OperatorForm = (reading) => {
  const given = requiredConstant(reading, 0)
  const stated = (name: string, index: number) =>
    reading.inputs[index] === undefined ? numbersOf(reading.node, name) : integersOf(requiredConstant(reading, index))
  const [starts, ends] = [stated('starts', 1), stated('ends', 2)]
  const steps = stated('steps', 4)
  if (!starts || !ends || steps?.some((step) => step !== 1 && step !== -1)) refuse('it takes values in steps')
  const axes = stated('axes', 3) ?? starts.map((_start, axis) => axis)
  return axes.reduce((array, axis, index) => {
    const own = axis < 0 ? axis + array.shape.length : axis
    const size = array.shape[own] ?? refuse('it has no such axis')
    if (steps?.[index] === -1) {
      const isWhole = [-1, size - 1].includes(starts[index]!) && ends[index]! < -size
      return isWhole ? reverseAxis(array, own) : refuse('it takes some values in reverse')
    }
    const at = (place: number) => Math.min(Math.max(place < 0 ? place + size : place, 0), size)
    return sliceAxis(array, own, at(starts[index]!), at(ends[index]!))
  }, given)
}

function reverseAxis({ shape, values }: Constant, axis: number): Constant {
  const step = stridesOf(shape)[axis]!
  const size = shape[axis]!
  const out = emptyLike(values, counted(shape))
  for (let row = 0; row * step < out.length; row++) {
    const place = row % size
    const from = (row - place + size - 1 - place) * step
    out.set(values.subarray(from, from + step), row * step)
  }
  return { shape, values: out }
}

function sliceAxis({ shape, values }: Constant, axis: number, start: number, end: number): Constant {
  const step = stridesOf(shape)[axis]!
  const block = step * shape[axis]!
  const sliced = shape.with(axis, Math.max(end - start, 0))
  const out = emptyLike(values, counted(sliced))
  for (let from = 0, to = 0; to < out.length; from += block) {
    out.set(values.subarray(from + start * step, from + end * step), to)
    to += (end - start) * step
  }
  return { shape: sliced, values: out }
}

const fill: OperatorForm = (reading) => {
  const sizes = integersOf(requiredConstant(reading, 0))
  const stated = reading.node.attributes.get('value')
  const filled = isTensor(stated) ? (stated.bytes ?? stated.listed) : []
  const isZero = stated === undefined || (filled.length > 0 && [...filled].every((one) => one === 0))
  if (!isZero) refuse('it fills an array with another number than 0')
  // Sizes that are known only at run time, such as the batch, do not change zeros.
  const shape = sizes.map((size) => (Number.isNaN(size) ? 1 : size))
  return { shape, values: new Float32Array(counted(shape)) }
}

const expand: OperatorForm = (reading) => {
  const [given, sizes] = [requiredConstant(reading, 0), integersOf(requiredConstant(reading, 1))]
  const one = scalarOf(given)
  if (one === undefined) refuse('it repeats a stored array')
  const shape = sizes.map((size) => (Number.isNaN(size) ? 1 : size))
  return { shape, values: emptyLike(given.values, counted(shape)).fill(one) }
}

const shapeOf: OperatorForm = (reading) => {
  const { shape } = requiredConstant(reading, 0)
  return { shape: [shape.length], values: Float64Array.from(shape) }
}

const same: OperatorForm = (reading) => requiredConstant(reading, 0)

const cast: OperatorForm = (reading) => {
  const given = requiredConstant(reading, 0)
  const isFraction = [1, 10, 11, 16].includes(numberOf(reading.node, 'to', 1))
  return {
    shape: given.shape,
    values: isFraction ? Float32Array.from(given.values) : Float64Array.from(given.values, Math.trunc),
  }
}

export const constantOperators: Readonly<Record<string, OperatorForm>> = {
  Add: combine((a, b) => a + b),
  Sub: combine((a, b) => a - b),
  Mul: combine((a, b) => a * b),
  Div: (reading) =>
    combine(
      reading.inputs.every((input) => input !== undefined && 'values' in input && input.values instanceof Float64Array)
        ? (a, b) => Math.trunc(a / b)
        : (a, b) => a / b,
    )(reading),
  Sqrt: each(Math.sqrt),
  Neg: each((value) => -value),
  Floor: each(Math.floor),
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: turned,
  Concat: concatenate,
  Gather: gather,
  Slice: slice,
  ConstantOfShape: fill,
  Expand: expand,
  Shape: shapeOf,
  Identity: same,
  Cast: cast,
}
