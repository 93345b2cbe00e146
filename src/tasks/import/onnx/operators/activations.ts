/** Activation functions, which become the option of the layer before where nothing else takes its output. */
import { shortestFloat } from '../../shortestFloat.ts'
import { permuteAxes } from '../../../../runtime/formats/axisOrder.ts'
import { scalarOf, type Constant } from '../constants.ts'
import { takesActivation, type Options } from '../draftLayers.ts'
import { numberOf, numbersOf, textOf } from '../graph.ts'
import {
  constantAt,
  eachNumber,
  mayChange,
  passOn,
  requiredConstant,
  valueAt,
  weightOf,
  type OperatorForm,
  type Reading,
} from '../reading.ts'
import { refuse } from '../refusal.ts'
import { plainActivations } from '../stepCells.ts'
import { arrange, axisAt, outputOf, type Value } from '../values.ts'

/** The activations that are layers of their own, by the name of the option. */
const ownLayers: Readonly<Record<string, readonly [type: string, options: Options]>> = {
  relu: ['reLU', {}],
  relu6: ['reLU', { maxValue: 6 }],
  elu: ['elu', {}],
  softmax: ['softmax', {}],
}

const positive: ReadonlySet<string> = new Set('relu relu6 sigmoid hardSigmoid softmax softplus'.split(' '))

/** Applies an activation of the language to a tensor. */
export function activate(reading: Reading, value: Value, name: string): Value {
  const { layer } = value
  if (mayChange(reading, value) && takesActivation(layer)) {
    layer.options = { ...layer.options, activation: name }
    delete layer.awaits
    layer.isPositive = positive.has(name)
    return passOn(reading, value)
  }
  const [type, options] = ownLayers[name] ?? ['activation', { activation: name }]
  return addLayer(reading, value, type, options, positive.has(name))
}

function addLayer({ layers }: Reading, value: Value, type: string, options: Options, isPositive = false): Value {
  const layer = layers.add(type, options, [value.layer])
  layer.isPositive = isPositive
  return eachNumber(value, layer)
}

const named =
  (name: string): OperatorForm =>
  (reading) =>
    activate(reading, valueAt(reading, 0), name)

/** A layer with one factor, which is an attribute. */
const withFactor =
  (type: string, option: string, otherwise: number): OperatorForm =>
  (reading) =>
    addLayer(reading, valueAt(reading, 0), type, {
      [option]: shortestFloat(numberOf(reading.node, 'alpha', otherwise)),
    })

const elu: OperatorForm = (reading) => {
  const alpha = shortestFloat(numberOf(reading.node, 'alpha', 1))
  const value = valueAt(reading, 0)
  return alpha === 1 ? activate(reading, value, 'elu') : addLayer(reading, value, 'elu', { alpha })
}

/** Keeps numbers between two limits: a rectifier with an upper limit, after an offset if the lower one is not 0. */
const clip: OperatorForm = (reading) => {
  const { node } = reading
  const limit = (name: string, index: number, otherwise: number) => {
    const given = constantAt(reading, index)
    return shortestFloat((given && scalarOf(given)) ?? numberOf(node, name, otherwise))
  }
  const [low, high] = [limit('min', 1, Number.NEGATIVE_INFINITY), limit('max', 2, Number.POSITIVE_INFINITY)]
  return clipped(reading, valueAt(reading, 0), low, high)
}

export function clipped(reading: Reading, value: Value, low: number, high: number): Value {
  if (!Number.isFinite(low)) refuse('it has an upper limit only, which no layer has')
  const isOpen = high >= 1e30
  if (low === 0 && isOpen) return activate(reading, value, 'relu')
  if (low === 0 && high === 6) return activate(reading, value, 'relu6')
  if (low === 0) return addLayer(reading, value, 'reLU', { maxValue: high }, true)
  const moved = addLayer(reading, value, 'rescaling', { scale: 1, offset: -low })
  const cut = addLayer(reading, moved, 'reLU', isOpen ? {} : { maxValue: high - low })
  return addLayer(reading, cut, 'rescaling', { scale: 1, offset: low })
}

/** The activation of the language has the slope 0.2; another one is a scale, an offset and a rectifier. */
const hardSigmoid: OperatorForm = (reading) => {
  const [alpha, beta] = [
    shortestFloat(numberOf(reading.node, 'alpha', 0.2)),
    shortestFloat(numberOf(reading.node, 'beta', 0.5)),
  ]
  const value = valueAt(reading, 0)
  return alpha === 0.2 && beta === 0.5 ? activate(reading, value, 'hardSigmoid') : hardGate(reading, value, alpha, beta)
}

function hardGate(reading: Reading, value: Value, scale: number, offset: number): Value {
  return clipped(reading, addLayer(reading, value, 'rescaling', { scale, offset }), 0, 1)
}

/** x times a hard sigmoid with the slope 1/6. */
const hardSwish: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const gate = hardGate(reading, value, 1 / 6, 0.5)
  return eachNumber(value, reading.layers.add('multiply', {}, [value.layer, gate.layer]))
}

const softmax: OperatorForm = (reading) => {
  const value = valueAt(reading, 0)
  const rank = value.axes.length
  const isOld = reading.operatorSet < 13
  const axis = axisAt(value, numberOf(reading.node, 'axis', isOld ? 1 : -1))
  // Before version 13, it took all axes from the stated one on.
  const several = numbersOf(reading.node, 'axes')?.map((one) => value.axes[axisAt(value, one)]!)
  const axes = several ?? (isOld ? value.axes.slice(axis) : [value.axes[axis]!])
  const own = axes.filter((one): one is number => one !== null).toSorted((a, b) => a - b)
  if (own.includes(0) || own.length === 0 || rank < 2) refuse('it is over the batch, or an axis of size 1')
  const last = value.layer.shape.length
  if (own.length === 1 && own[0] === last) return activate(reading, value, 'softmax')
  return addLayer(reading, value, 'softmax', { axis: own.length === 1 ? own[0] : own }, true)
}

const gelu: OperatorForm = (reading) =>
  activate(reading, valueAt(reading, 0), textOf(reading.node, 'approximate', 'none') === 'tanh' ? 'gelu_new' : 'gelu')

/** Slopes have the axes of the tensor, or its last ones; those of size 1 are shared. */
const prelu: OperatorForm = (reading) => {
  const given = valueAt(reading, 0)
  const value = given.flattened ? outputOf(arrange(reading.layers, given)) : given
  const slopes = requiredConstant(reading, 1)
  const { layer } = value
  const own = ownAxes(slopes, value)
  const sharedAxes = own.shape.flatMap((size, axis) => (size === 1 && layer.shape[axis] !== 1 ? [axis + 1] : []))
  const options = sharedAxes.length > 0 ? { sharedAxes } : {}
  return eachNumber(value, reading.layers.add('prelu', options, [layer], [weightOf(own)]))
}

/**
 * Returns an array that is combined with a tensor with the axes of its layer, without the batch. An axis of size 1 that the
 * tensor lacks has the size 1.
 */
export function ownAxes(constant: Constant, value: Value): Constant {
  if (value.flattened || value.isReversed) refuse('its array belongs to a flattened image with channels first')
  const { axes, layer } = value
  const missing = axes.length - constant.shape.length
  const given = [...axes.slice(0, Math.max(missing, 0)).map(() => 1), ...constant.shape]
  const lacking = layer.shape.flatMap((_size, axis) => (axes.includes(axis + 1) ? [] : [axis + 1]))
  const shape = [...given, ...lacking.map(() => 1)]
  const places = [...axes, ...lacking]
  const order = layer.shape.map((_size, axis) => places.indexOf(axis + 1))
  const others = places.flatMap((axis, place) => (axis === null || axis === 0 ? [place] : []))
  if (missing < 0 || others.some((place) => shape[place] !== 1)) {
    refuse(`its array has the shape [${constant.shape.join(', ')}], which does not fit the axes of a sample`)
  }
  const turned = permuteAxes({ ...constant, shape }, [...others, ...order])
  return { ...turned, shape: turned.shape.slice(others.length) }
}

export const activationOperators: Readonly<Record<string, OperatorForm>> = {
  ...Object.fromEntries(Object.entries(plainActivations).map(([operator, name]) => [operator, named(name)])),
  Gelu: gelu,
  Elu: elu,
  Celu: (reading) =>
    shortestFloat(numberOf(reading.node, 'alpha', 1)) === 1
      ? activate(reading, valueAt(reading, 0), 'elu')
      : refuse('its alpha is not 1'),
  LeakyRelu: withFactor('leakyReLU', 'alpha', 0.01),
  ThresholdedRelu: withFactor('thresholdedReLU', 'theta', 1),
  Clip: clip,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Softmax: softmax,
  PRelu: prelu,
}
