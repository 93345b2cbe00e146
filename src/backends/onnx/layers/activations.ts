/** Activations, as layers of their own and as options of other layers. */
import { scalar, inexpressible, axisOf, store, type AppliedLayer, type LayerForm } from '../layerForm.ts'
import type { GraphBuilder, Value } from '../graphBuilder.ts'
import type { Attribute } from '../encodeModel.ts'

/** @param axis The axis with the units or channels. */
type Apply = (graph: GraphBuilder, x: string, axis: number) => string

/** An operator of ONNX by itself. */
const operator =
  (name: string, attributes: Readonly<Record<string, Attribute>> = {}): Apply =>
  (graph, x) =>
    graph.add(name, [x], attributes)

const sigmoid = (graph: GraphBuilder, x: string) => graph.add('Sigmoid', [x])

const functions: Readonly<Record<string, Apply>> = {
  linear: (_graph, x) => x,
  relu: operator('Relu'),
  relu6: (graph, x) => graph.add('Clip', [x, scalar(graph, 0), scalar(graph, 6)]),
  elu: operator('Elu'),
  selu: operator('Selu'),
  sigmoid,
  hardSigmoid: operator('HardSigmoid', { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
  softmax: (graph, x, axis) => graph.add('Softmax', [x], { axis }),
  softplus: operator('Softplus'),
  softsign: operator('Softsign'),
  tanh: operator('Tanh'),
  swish: (graph, x) => graph.add('Mul', [x, sigmoid(graph, x)]),
  mish: (graph, x) => graph.add('Mul', [x, graph.add('Tanh', [graph.add('Softplus', [x])])]),
  gelu: (graph, x) => {
    const share = graph.add('Erf', [graph.add('Mul', [x, scalar(graph, Math.SQRT1_2)])])
    return halfTimesOnePlus(graph, x, share)
  },
  gelu_new: (graph, x) => {
    const cube = graph.add('Mul', [graph.add('Mul', [graph.add('Mul', [x, x]), x]), scalar(graph, 0.044715)])
    const inner = graph.add('Mul', [graph.add('Add', [x, cube]), scalar(graph, Math.sqrt(2 / Math.PI))])
    return halfTimesOnePlus(graph, x, graph.add('Tanh', [inner]))
  },
}

/** x / 2 · (1 + share). */
function halfTimesOnePlus(graph: GraphBuilder, x: string, share: string): string {
  const half = graph.add('Mul', [x, scalar(graph, 0.5)])
  return graph.add('Mul', [half, graph.add('Add', [share, scalar(graph, 1)])])
}

/** The activation of a layer, by the option `activation`. */
export function activate({ graph, layer, options }: AppliedLayer, value: Value): Value {
  const name = options['activation'] as string
  const axis = value.plain === undefined ? 1 : value.shape.length
  return graph.map(value, (x) => activateTensor(graph, name, x, layer, axis))
}

/**
 * Applies an activation to a tensor.
 *
 * @param axis The axis with the units or channels.
 */
export function activateTensor(
  graph: GraphBuilder,
  name: string,
  x: string,
  layer: AppliedLayer['layer'],
  axis = 1,
): string {
  const apply = functions[name]
  if (!apply) throw inexpressible(`the activation ${name}`, layer)
  return apply(graph, x, axis)
}

/** @param axis Counts the batch as 0, or counts from the end. */
function softmax(graph: GraphBuilder, value: Value, axis: number): Value {
  const { shape } = value
  return { shape, plain: graph.add('Softmax', [graph.plain(value)], { axis: axisOf(axis, shape.length) }) }
}

export const activationLayers: Readonly<Record<string, LayerForm>> = {
  Activation: (applied) => activate(applied, applied.input),
  ELU: ({ graph, input, options: { alpha } }) =>
    graph.map(input, (tensor) => graph.add('Elu', [tensor], { alpha: { float: alpha as number } })),
  LeakyReLU: ({ graph, input, options: { alpha } }) =>
    graph.map(input, (tensor) => graph.add('LeakyRelu', [tensor], { alpha: { float: alpha as number } })),
  PReLU: ({ graph, input, weights: [alpha], shape }) => ({
    shape,
    plain: graph.add('PRelu', [graph.plain(input), store(graph, alpha!)]),
  }),
  ReLU: ({ graph, input, options: { maxValue } }) =>
    graph.map(input, (tensor) =>
      maxValue == null
        ? graph.add('Relu', [tensor])
        : graph.add('Clip', [tensor, scalar(graph, 0), scalar(graph, maxValue as number)]),
    ),
  ThresholdedReLU: ({ graph, input, options: { theta } }) =>
    graph.map(input, (tensor) => graph.add('ThresholdedRelu', [tensor], { alpha: { float: theta as number } })),
  Softmax: ({ graph, input, options: { axis }, shape }) => {
    const axes = [axis as number | readonly number[]].flat()
    if (axes.length === 1) return softmax(graph, input, axes[0]!)
    // Over several axes: eˣ⁻ᵐᵃˣ divided by its sum.
    const chosen = axes.map((one) => axisOf(one, shape.length))
    const tensor = graph.plain(input)
    const powers = graph.add('Exp', [graph.add('Sub', [tensor, graph.add('ReduceMax', [tensor], { axes: chosen })])])
    return { shape, plain: graph.add('Div', [powers, graph.add('ReduceSum', [powers, graph.integers(chosen)])]) }
  },
}
