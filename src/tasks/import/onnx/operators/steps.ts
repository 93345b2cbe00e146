/** Recurrent layers that are written step by step, which earlier phases made one node, and the layer `masking`. */
import { activationNames } from '../../../../language/activations.ts'
import { declaredShape } from '../../../../language/dims.ts'
import type { ImportedWeight } from '../../importedNetwork.ts'
import { shortestFloat } from '../../shortestFloat.ts'
import { emptyLike, type Constant } from '../constants.ts'
import type { DraftLayer, Options } from '../draftLayers.ts'
import { ofStatePrefix, stepInputs } from '../fuseSteps.ts'
import { numberOf, numbersOf, textOf } from '../graph.ts'
import { canMakeMask, maskMakers, maskUseOf } from '../masks.ts'
import { constantAt, requiredConstant, valueAt, vector, weightOf, type OperatorForm, type Reading } from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, axisAt, isValue, outputOf, type Value } from '../values.ts'
import {
  bordersOf,
  compact,
  isEmpty,
  isSame,
  spaceOf,
  turned as turnedKernel,
  windowOf,
  type Window,
} from './convolutions.ts'

/** The layer of a cell, and its properties. */
interface Cell {
  readonly type: string
  readonly isGated?: true
  /** Whether it may have a second bias, with which it resets its state after the product. */
  readonly mayResetAfter?: true
  readonly isConvolution?: true
}

const cells: Readonly<Record<string, Cell>> = {
  RNN: { type: 'simpleRNN' },
  GRU: { type: 'gru', isGated: true, mayResetAfter: true },
  LSTM: { type: 'lstm', isGated: true },
  ConvLSTM: { type: 'convLstm2d', isGated: true, isConvolution: true },
}

const steps: OperatorForm = (reading) => {
  const { node, layers } = reading
  const name = textOf(node, 'cell', '')
  const cell = Object.hasOwn(cells, name) ? cells[name]! : refuse('the language has no layer for this operator')
  const sequence = arrange(layers, valueAt(reading, stepInputs.x), cell.isConvolution ? imageOrder(reading) : undefined)
  const count = numberOf(node, 'steps', 0)
  if (sequence.shape[0] !== count)
    refuse(`it takes ${count} steps of a sequence of ${sequence.shape[0] ?? 'any number'}`)
  const own = cell.isConvolution ? convolutionOf(reading, sequence) : kernelsOf(reading, cell)
  const skipsSteps = readMasks(reading, sequence)
  const layer = layers.add(cell.type, { ...sharedOptions(reading, cell), ...own.options }, [sequence], own.weights)
  layer.skipsSteps = skipsSteps
  return outputAs(reading, layer)
}

function sharedOptions({ node }: Reading, { isGated, mayResetAfter }: Cell): Options {
  const activation = (name: string) => {
    const found = textOf(node, name, '')
    return (activationNames as readonly string[]).includes(found) ? found : refuse(`it has the activation ${found}`)
  }
  return {
    activation: activation('activation'),
    ...(isGated && { recurrentActivation: activation('recurrentActivation') }),
    ...(mayResetAfter && { resetAfter: numberOf(node, 'resetAfter', 0) === 1 }),
    returnSequences: numberOf(node, 'returnSequences', 0) === 1,
    goBackwards: numberOf(node, 'goBackwards', 0) === 1,
    useBias: node.inputs[stepInputs.bias] !== '',
  }
}

function kernelsOf(reading: Reading, cell: Cell) {
  const weights = cellWeights(reading, cell)
  return { options: { units: weights[1]!.shape[0] }, weights }
}

function cellWeights(reading: Reading, { mayResetAfter }: Cell): readonly ImportedWeight[] {
  const [kernel, state, again] = [stepInputs.kernel, stepInputs.recurrentKernel, stepInputs.againKernel].map((index) =>
    constantAt(reading, index),
  )
  if (!kernel || !state) refuse('it has no kernels')
  const [ofInput, ofState] = [stepInputs.bias, stepInputs.recurrentBias].map((index) => constantAt(reading, index))
  const weights = [weightOf(kernel), weightOf(again ? besides(state, again) : state)]
  if (!ofInput) return ofState ? refuse('it has a bias for its state only') : weights
  if (!mayResetAfter || numberOf(reading.node, 'resetAfter', 0) !== 1)
    return ofState ? refuse('it has two biases') : [...weights, vector(ofInput.values)]
  const second = ofState?.values ?? new Float32Array(ofInput.values.length)
  return [
    ...weights,
    weightOf({ shape: [2, ofInput.values.length], values: Float32Array.of(...ofInput.values, ...second) }),
  ]
}

/** The columns of two kernels, one after the other. */
function besides(left: Constant, right: Constant): Constant {
  const [rows = 0, first = 0] = left.shape
  const [otherRows, second = 0] = right.shape
  if (rows !== otherRows) refuse('its kernels for the state have different numbers of rows')
  const values = emptyLike(left.values, rows * (first + second))
  for (let row = 0; row < rows; row += 1) {
    values.set(left.values.subarray(row * first, (row + 1) * first), row * (first + second))
    values.set(right.values.subarray(row * second, (row + 1) * second), row * (first + second) + first)
  }
  return { shape: [rows, first + second], values }
}

/** The axes of a sequence of images as batch, steps, rows, columns, channels. */
function imageOrder({ node }: Reading): readonly number[] {
  const [, channels, rows, columns] = (numbersOf(node, 'turnedInput') ?? [0, 1, 2, 3]).map((axis) => axis + 1)
  return [0, 1, rows, columns, channels].map((axis) => axis ?? refuse('its images do not have three axes'))
}

function convolutionOf(reading: Reading, sequence: DraftLayer) {
  const kernel = requiredConstant(reading, stepInputs.kernel)
  const bias = constantAt(reading, stepInputs.bias)
  const [parts = 0, , ...sizes] = kernel.shape
  if (sizes.length !== 2 || numberOf(reading.node, 'group', 1) !== 1) refuse('it convolves other steps than images')
  const window = windowOf(reading, sizes)
  const space = spaceOf({ ...sequence, shape: sequence.shape.slice(1) })
  const borders = bordersOf(reading, window, space)
  const isValid = isEmpty(borders)
  if (!isValid && !isSame(borders, window, space)) refuse('it pads images by other sizes than `padding: same` does')
  const stated = constantAt(reading, stepInputs.recurrentKernel)
  if (stated) checkStateWindow(reading, window)
  const state = stated ?? unusedState(reading, kernel)
  return {
    options: {
      filters: parts / 4,
      kernelSize: compact(sizes),
      strides: compact(window.strides),
      dilationRate: compact(window.dilations),
      padding: isValid ? 'valid' : 'same',
    },
    weights: [kernel, state].map((one) => weightOf(turnedKernel(one))).concat(bias ? [vector(bias.values)] : []),
  }
}

/** The kernel for a state that is zero in the only step there is. */
function unusedState({ node }: Reading, { shape }: Constant): Constant {
  const [parts = 0, , rows = 0, columns = 0] = shape
  if (numberOf(node, 'steps', 0) !== 1) refuse('it has no kernel for its state')
  const sizes = [parts, parts / 4, rows, columns]
  return { shape: sizes, values: new Float32Array(sizes.reduce((product, size) => product * size, 1)) }
}

/** The convolution of the state keeps its size, whatever that of the input does. */
function checkStateWindow(reading: Reading, { sizes }: Window): void {
  const own = [...reading.node.attributes].flatMap(([name, value]) =>
    name.startsWith(ofStatePrefix) ? [[name.slice(ofStatePrefix.length), value] as const] : [],
  )
  const ofState = { ...reading, node: { ...reading.node, attributes: new Map(own) } }
  const window = windowOf(ofState, sizes)
  const space = declaredShape(sizes.map(() => null))
  const isPlain = [...window.strides, ...window.dilations, numberOf(ofState.node, 'group', 1)].every((one) => one === 1)
  if (!isPlain || !isSame(bordersOf(ofState, window, space), window, space))
    refuse('the convolution of its state changes the size of the state')
}

/**
 * Marks the embeddings that make the masks of a node, and returns whether it has any.
 *
 * @throws Refusal if its input has other masks.
 */
function readMasks({ node, inputs }: Reading, sequence: DraftLayer): boolean {
  const sources = inputs.slice(stepInputs.masks)
  if (sources.length === 0) return false
  const stated = node.attributes.get('masks')
  const kinds = Array.isArray(stated) ? (stated as readonly unknown[]) : []
  const [tokens, masked] = ['tokens', 'marked'].map(
    (kind) =>
      new Set(sources.flatMap((source, index) => (kinds[index] === kind && isValue(source) ? source.layer : []))),
  ) as [Set<DraftLayer>, Set<DraftLayer>]
  const makers = maskMakers(
    sequence,
    (layer) => maskUseOf(layer).makes === true || (canMakeMask(layer) && tokens.has(layer.inputs[0]!)),
  )
  const embeddings = [...makers].filter(canMakeMask)
  const isComplete =
    kinds.length === sources.length &&
    [...tokens].every((source) => embeddings.some(({ inputs: [input] }) => input === source)) &&
    embeddings.every(({ inputs: [input] }) => tokens.has(input!)) &&
    [...masked].every((source) => makers.has(source)) &&
    makers.size === embeddings.length + masked.size
  if (!isComplete) refuse('it skips the steps that a mask marks, but no layer before it makes this mask')
  for (const embedding of embeddings) embedding.options = { ...embedding.options, maskZero: true }
  return true
}

/** The output of the last step, or those of all; the channels of images come first, unless a later node has turned them. */
function outputAs({ node }: Reading, layer: DraftLayer): Value {
  const rank = layer.options['returnSequences'] === true ? layer.shape.length - 1 : layer.shape.length
  const ofStep = [rank, ...Array.from({ length: rank - 1 }, (_, axis) => axis + 1)]
  if (layer.options['returnSequences'] !== true) return { ...outputOf(layer), axes: [0, ...ofStep] }
  const turned = numbersOf(node, 'turnedOutput')?.slice(1) ?? ofStep.map((_axis, index) => index + 1)
  return { ...outputOf(layer), axes: [0, 1, ...turned.map((axis) => (ofStep[axis - 1] ?? 0) + 1)] }
}

/** The steps whose values all equal one number are skipped by later layers. */
const masking: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const layer = arrange(reading.layers, value)
  const axis = axisAt(value, numberOf(reading.node, 'axis', -1))
  if (axis !== layer.shape.length) refuse('it compares the values of another axis than the last')
  return outputOf(
    reading.layers.add('masking', { maskValue: shortestFloat(numberOf(reading.node, 'maskValue', 0)) }, [layer]),
  )
}

export const stepOperators: Readonly<Record<string, OperatorForm>> = {
  Steps: steps,
  Masking: masking,
}
