/** Recurrent layers: LSTM, GRU and RNN, which ONNX runs over [steps, batch, values]. */
import { permuteAxes } from '../../../../runtime/formats/axisOrder.ts'
import { readChoice, type ChoiceValue } from '../../../../language/schema.ts'
import { layerDef } from '../../../../parts/layers/table.ts'
import type { ImportedWeight } from '../../importedNetwork.ts'
import { isKnown } from '../../../../language/dims.ts'
import { type Constant } from '../constants.ts'
import type { DraftLayer, Options } from '../draftLayers.ts'
import { numberOf, textOf } from '../graph.ts'
import {
  constantAt,
  mayChange,
  passOn,
  requiredConstant,
  valueAt,
  weightOf,
  type OperatorForm,
  type Reading,
} from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, isValue, outputOf, type Value } from '../values.ts'

/** A cell: its layer, the parts of its kernels in the order of the layer, and its activations with their defaults. */
interface Cell {
  readonly type: string
  /** An LSTM is i, o, f, c in ONNX and i, f, c, o in the language. */
  readonly parts: readonly number[]
  readonly activations: readonly (readonly [option: string, byDefault: string])[]
}

const gates = ['recurrentActivation', 'Sigmoid'] as const
const state = ['activation', 'Tanh'] as const

const cells: Readonly<Record<string, Cell>> = {
  LSTM: { type: 'lstm', parts: [0, 2, 3, 1], activations: [gates, state, state] },
  GRU: { type: 'gru', parts: [0, 1, 2], activations: [gates, state] },
  RNN: { type: 'simpleRNN', parts: [0], activations: [state] },
}

const activationNames: Readonly<Record<string, string>> = {
  Relu: 'relu',
  Tanh: 'tanh',
  Sigmoid: 'sigmoid',
  HardSigmoid: 'hardSigmoid',
  Elu: 'elu',
  Softsign: 'softsign',
  Softplus: 'softplus',
}

const recurrent: OperatorForm = (reading) => {
  const { node, layers, inputs } = reading
  const cell = cells[node.operator]!
  const value = valueAt(reading, 0)
  const direction = textOf(node, 'direction', 'forward')
  if (numberOf(node, 'layout', 0) !== 0) refuse('its layout has the batch first')
  for (const index of [4, 5, 6, 7]) refuseUnlessZero(inputs[index], index)
  const options = optionsOf(reading, cell, direction)
  if (value.axes[1] !== 0)
    refuse('the batch is not the second axis of its input', 'In PyTorch, create the layer with `batch_first=True`.')
  const steps = arrange(layers, value, [1, 0, 2])
  const arrays = [requiredConstant(reading, 1), requiredConstant(reading, 2)] as const
  const bias = constantAt(reading, 3)
  const [all, last] = [0, 1].map((index) => isTaken(reading, node.outputs[index]))
  if (isTaken(reading, node.outputs[2])) refuse('its last cell state is taken')
  const weights = (which: number) => weightsOf(cell, arrays, bias, which, options['resetAfter'] === true)
  const run = (more: Options) => {
    const one = { ...options, ...more }
    if (direction !== 'bidirectional')
      return layers.add(
        cell.type,
        { ...one, ...(direction === 'reverse' && { goBackwards: true }) },
        [steps],
        weights(0),
      )
    return layers.add('bidirectional', { layer: { [cell.type]: one } }, [steps], [...weights(0), ...weights(1)])
  }
  const sequences: Value | undefined = all ? sequencesOf(run({ returnSequences: true }), direction) : undefined
  return [sequences, last ? lastOf(run({}), direction) : undefined]
}

/** The outputs of all steps: [steps, directions, batch, units]. Both directions are joined with the units in the language. */
function sequencesOf(layer: DraftLayer, direction: string): Value {
  return {
    ...outputOf(layer),
    axes: [1, null, 0, 2],
    ...marksOf(direction),
    ...(direction === 'reverse' && { isReversed: true }),
  }
}

function lastOf(layer: DraftLayer, direction: string): Value {
  return { ...outputOf(layer), axes: [null, 0, 1], ...marksOf(direction) }
}

function marksOf(direction: string): Pick<Value, 'isSplit'> {
  return direction === 'bidirectional' ? { isSplit: true } : {}
}

function isTaken({ graph }: Reading, tensor: string | undefined): boolean {
  return tensor !== undefined && tensor !== '' && (graph.consumers(tensor).length > 0 || graph.isOutput(tensor))
}

function refuseUnlessZero(input: Reading['inputs'][number], index: number): void {
  const isZero =
    input === undefined || (!isValue(input) && input.values.every((value) => value === 0 || Number.isNaN(value)))
  const what = index === 4 ? 'lengths of its sequences' : index === 7 ? 'peepholes' : 'an initial state'
  if (!isZero && !(index === 4 && !isValue(input))) refuse(`it has ${what}, which the layer does not take`)
}

function optionsOf({ node, inputs }: Reading, cell: Cell, direction: string): Options {
  const stated = node.attributes.get('activations')
  const names = Array.isArray(stated) ? (stated as readonly string[]) : []
  const half = names.slice(0, cell.activations.length)
  if (direction === 'bidirectional' && names.length > 0 && half.join() !== names.slice(half.length).join())
    refuse('its directions have different activations')
  const options: Record<string, unknown> = { units: numberOf(node, 'hidden_size', 0), useBias: inputs[3] !== undefined }
  for (const [index, [option, byDefault]] of cell.activations.entries()) {
    const name = activationNames[names[index] ?? byDefault] ?? refuse(`it has the activation ${names[index]}`)
    if (options[option] !== undefined && options[option] !== name) refuse('its states have two activations')
    options[option] = name
  }
  if (numberOf(node, 'clip', 0) !== 0) refuse('it clips its states')
  if (numberOf(node, 'input_forget', 0) !== 0) refuse('it couples its input and forget gates')
  return { ...options, ...(numberOf(node, 'linear_before_reset', 0) === 1 && { resetAfter: true }) }
}

/** Kernels are [directions, parts · units, inputs], biases [directions, 2 · parts · units]: one for the input, one for the state. */
function weightsOf(
  cell: Cell,
  kernels: readonly [Constant, Constant],
  bias: Constant | undefined,
  which: number,
  resetAfter: boolean,
): ImportedWeight[] {
  const weights = kernels.map((kernel) => {
    const [, rows, columns] = kernel.shape as [number, number, number]
    const own = kernel.values.subarray(which * rows * columns, (which + 1) * rows * columns)
    const ordered = reorder(own, cell.parts)
    return weightOf(permuteAxes({ shape: [rows, columns], values: ordered }, [1, 0]))
  })
  if (!bias) return weights
  const size = bias.shape[1]! / 2
  const own = bias.values.subarray(which * 2 * size, (which + 1) * 2 * size)
  const [ofInput, ofState] = [reorder(own.subarray(0, size), cell.parts), reorder(own.subarray(size), cell.parts)]
  if (resetAfter) return [...weights, { shape: [2, size], values: Float32Array.of(...ofInput, ...ofState) }]
  return [...weights, { shape: [size], values: Float32Array.from(ofInput, (value, index) => value + ofState[index]!) }]
}

function reorder(values: Constant['values'], parts: readonly number[]): Constant['values'] {
  const size = values.length / parts.length
  const out = values.slice()
  for (const [index, part] of parts.entries()) out.set(values.subarray(part * size, (part + 1) * size), index * size)
  return out
}

/** Changes a layer that returns all steps, of which only the last is taken, to one that returns the last. */
export function lastStep(
  reading: Reading,
  value: Value,
  place: number,
  [before, after]: readonly [number, number],
): Value | undefined {
  const { layer } = value
  const size = layer.shape[0]
  if (value.axes[place] === 1 && after === 0 && returnsBothDirections(layer))
    refuse(
      'it takes the last step of both directions, of which the backward one has then read only that step',
      bothEnds,
    )
  const isSteps = value.axes[place] === 1 && layer.options['returnSequences'] === true
  if (!isSteps || after !== 0 || value.isReversed || !mayChange(reading, value)) return undefined
  if (isKnown(size) && before !== size - 1) return undefined
  const { returnSequences: _all, ...options } = layer.options
  const last = reading.layers.add(layer.type, options, layer.inputs, layer.weights)
  last.skipsSteps = layer.skipsSteps === true
  return { ...outputOf(last), axes: value.axes.map((axis) => (axis === 1 ? null : axis === 2 ? 1 : axis)) }
}

function returnsBothDirections({ type, options }: DraftLayer): boolean {
  const [inner] = Object.values((options['layer'] ?? {}) as Readonly<Record<string, Options>>)
  return type === 'bidirectional' && inner?.['returnSequences'] === true
}

const bothEnds =
  'The layer returns the final states, which have read all steps: in PyTorch, take `_, (h, _) = lstm(x)` and `torch.cat([h[-2], h[-1]], 1)`, and train the network again.'

/** One direction of a recurrent layer, of which the file takes both apart, as a layer of its own. */
export function oneDirection({ graph, layers, node }: Reading, value: Value, isBackward: boolean): Value {
  const { type, options } = readChoice(value.layer.options['layer'] as ChoiceValue)
  const half = value.layer.weights.length / 2
  const weights = isBackward ? value.layer.weights.slice(half) : value.layer.weights.slice(0, half)
  const tensor = node.inputs[0]!
  const others = graph.consumers(tensor).filter(({ operator }) => operator !== 'Shape')
  if (graph.isOutput(tensor) || others.some(({ operator }) => operator !== 'Gather'))
    refuse('it takes one direction of a recurrent layer, of which another node takes both')
  // Each direction that several nodes take is applied again, so that they share its weights.
  const key = others.length > 2 ? `${tensor} ${isBackward ? 'backward' : 'forward'}` : undefined
  const stated = isBackward ? { ...options, goBackwards: true } : options
  const layer = layers.addShared(key, type, stated, value.layer.inputs, weights)
  const isReversed = isBackward && options['returnSequences'] === true
  return { ...outputOf(layer), axes: value.axes.filter((axis) => axis !== null), ...(isReversed && { isReversed }) }
}

/** A layer and its copy for the other direction, of which an operator combines the outputs, are one bidirectional layer. */
export function joinedDirections(reading: Reading, values: readonly Value[], mergeMode: string): Value | undefined {
  const [left, right, ...others] = values
  if (!left || !right || others.length > 0) return undefined
  const joined = joinPair(reading, left, right, mergeMode)
  return joined ?? (mergeMode === 'concat' ? undefined : joinPair(reading, right, left, mergeMode))
}

function joinPair(reading: Reading, forward: Value, backward: Value, mergeMode: string): Value | undefined {
  const { type, inputs, weights, options: stated } = forward.layer
  const { goBackwards, ...options } = stated
  const { goBackwards: otherWay, ...otherOptions } = backward.layer.options
  if (forward.layer.applies || backward.layer.applies) return undefined
  const areCopies =
    type === backward.layer.type &&
    'goBackwards' in layerDef(type).schema.properties &&
    inputs[0] === backward.layer.inputs[0] &&
    (goBackwards === true) !== (otherWay === true) &&
    forward.layer.skipsSteps === backward.layer.skipsSteps &&
    JSON.stringify(options) === JSON.stringify(otherOptions)
  // The steps of the second layer come in the order of the first.
  const isSequence = options['returnSequences'] === true
  const areAligned = !forward.isReversed && (backward.isReversed === true) === isSequence
  const areFree = [forward, backward].every((value) => mayChange(reading, value, reading.inputs.indexOf(value)))
  if (!areCopies || !areAligned || !areFree || forward.axes.join() !== backward.axes.join()) return undefined
  const all = [...weights, ...backward.layer.weights]
  const layer = reading.layers.add('bidirectional', { layer: { [type]: stated }, mergeMode }, inputs, all)
  layer.skipsSteps = forward.layer.skipsSteps === true
  return { ...outputOf(layer), axes: forward.axes }
}

export function reverseSteps(reading: Reading, value: Value, place: number): Value {
  const isSteps = value.axes[place] === 1 && value.layer.options['returnSequences'] === true
  if (!isSteps) refuse('it reverses an axis')
  const { isReversed, ...others } = passOn(reading, value)
  return isReversed ? others : { ...others, isReversed: true }
}

export const recurrentOperators: Readonly<Record<string, OperatorForm>> = {
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
}
