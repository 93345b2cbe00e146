/** How the weights of a layer are the parameters and buffers of its PyTorch module, which has other orders of axes. */
import { permuteAxes } from '../../../runtime/formats/axisOrder.ts'

/**
 * The order of the axes of a parameter: `same` is that of TensorFlow; `kernel` has the last two axes first, outputs before inputs;
 * `grouped` is that of a convolution with a group for each input channel.
 */
export type Axes = 'same' | 'kernel' | 'grouped'

/** A parameter or buffer of a module. */
export interface StateEntry {
  /** Its name in the module of its layer: `weight`, `cells.0.kernel`. */
  readonly name: string
  /** The Python class of the module that has it. */
  readonly module: string
  readonly axes: Axes
  /** The places in TensorFlow of the gates along its last axis, if PyTorch has them in another order. */
  readonly gates?: readonly number[]
  /** A second parameter: the second row of the weight, or zeros that are not trained. */
  readonly second?: { readonly name: string; readonly from: 'rows' | 'zeros' }
}

/** Parameters with the axes of TensorFlow. */
export function stateOf(module: string, ...names: readonly string[]): readonly StateEntry[] {
  return names.map((name) => ({ name, module, axes: 'same' }))
}

/** The kernel and the bias of a module of PyTorch. */
export function kernelState(module: string, hasBias: boolean, axes: Axes = 'kernel'): readonly StateEntry[] {
  return [{ name: 'weight', module, axes }, ...(hasBias ? stateOf(module, 'bias') : [])]
}

/** The entries of a module inside another one. */
export function stateWithin(path: string, state: readonly StateEntry[]): readonly StateEntry[] {
  return state.map((entry) => ({
    ...entry,
    name: `${path}.${entry.name}`,
    ...(entry.second && { second: { ...entry.second, name: `${path}.${entry.second.name}` } }),
  }))
}

export interface NumberArray {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Converts a weight of TensorFlow to its parameters, by their names. */
export function toParameters(weight: NumberArray, entry: StateEntry): readonly (readonly [string, NumberArray])[] {
  const { name, axes, gates, second } = entry
  const ordered = gates === undefined ? weight : reorderGates(weight, gates)
  if (second === undefined) return [[name, toParameter(ordered, axes)]]
  const size = ordered.shape.at(-1)!
  const row = (index: number) => ({ shape: [size], values: ordered.values.subarray(index * size, (index + 1) * size) })
  const other = second.from === 'rows' ? row(1) : { shape: [size], values: new Float32Array(size) }
  return [
    [name, row(0)],
    [second.name, other],
  ]
}

/** Reorders the gates along the last axis. */
function reorderGates({ shape, values }: NumberArray, gates: readonly number[]): NumberArray {
  const width = shape.at(-1)!
  const units = width / gates.length
  const moved = values.map((_value, place) => {
    const column = place % width
    return values[place - column + gates[Math.floor(column / units)]! * units + (column % units)]!
  })
  return { shape, values: moved }
}

function toParameter(array: NumberArray, axes: Axes): NumberArray {
  const rank = array.shape.length
  const [outputs, inputs] = [rank - 1, rank - 2]
  const window = Array.from({ length: Math.max(rank - 2, 0) }, (_one, axis) => axis)
  if (axes === 'same' || rank < 2) return array
  if (axes === 'kernel') return permuteAxes(array, [outputs, inputs, ...window])
  const { shape, values } = permuteAxes(array, [inputs, outputs, ...window])
  return { shape: [shape[0]! * shape[1]!, 1, ...shape.slice(2)], values }
}

/** Reorders the rows of a dense kernel whose inputs are flattened images, from channels last to channels first. */
export function channelsFirst({ shape, values }: NumberArray, image: readonly number[]): NumberArray {
  const rank = image.length
  const spatial = Array.from({ length: rank - 1 }, (_one, axis) => axis)
  const moved = permuteAxes({ shape: [...image, shape[1]!], values }, [rank - 1, ...spatial, rank])
  return { shape, values: moved.values }
}
