/** Recurrent layers, and the layers that wrap others. */
import type * as tf from '@tensorflow/tfjs'
import {
  inexpressible,
  permute,
  store,
  weightsOf,
  type AppliedLayer,
  type UnreadLayer,
  type LayerForm,
  type Weight,
} from '../layerForm.ts'
import type { GraphBuilder, Size, Value } from '../graphBuilder.ts'
import type { Attribute } from '../encodeModel.ts'
import { runConvolutionalSteps, runSteps, stackSteps } from './steps.ts'

/** The names of activations that the cells of ONNX know, with their factors where the defaults differ. */
const cellActivations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  hardSigmoid: 'HardSigmoid',
  elu: 'Elu',
  softsign: 'Softsign',
  softplus: 'Softplus',
}

/** A cell: the operator, the parts of its kernels in the order of ONNX, and the activations of gates and states. */
interface Cell {
  readonly operator: 'LSTM' | 'GRU' | 'RNN'
  /** The parts of our kernels, in the order of ONNX: an LSTM is i, f, c, o here and i, o, f, c there. */
  readonly parts: readonly number[]
  readonly activations: readonly ('recurrentActivation' | 'activation')[]
}

const cells: Readonly<Record<string, Cell>> = {
  LSTM: { operator: 'LSTM', parts: [0, 3, 1, 2], activations: ['recurrentActivation', 'activation', 'activation'] },
  GRU: { operator: 'GRU', parts: [0, 1, 2], activations: ['recurrentActivation', 'activation'] },
  SimpleRNN: { operator: 'RNN', parts: [0], activations: ['activation'] },
}

const recurrent: LayerForm = (applied) => {
  const { graph, layer, options, input, shape } = applied
  if (options['stateful'] === true) throw inexpressible('a state that is kept between batches', layer)
  if (input.mask !== undefined || !hasOperator(layer)) return stepByStep(applied, [(layer as RecurrentLayer).cell])
  const { operator, parts, activations } = cellOf(layer)
  const [kernel, recurrentKernel, bias] = applied.weights as [Weight, Weight, Weight?]
  const units = recurrentKernel.shape[0]!
  const resetAfter = options['resetAfter'] === true
  const isReversed = options['goBackwards'] === true
  const attributes: Record<string, Attribute> = {
    hidden_size: units,
    direction: isReversed ? 'reverse' : 'forward',
    activations: activations.map((option) => cellActivations[options[option] as string]!),
    ...(resetAfter && { linear_before_reset: 1 }),
  }
  const steps = graph.add('Transpose', [graph.plain(input)], { perm: [1, 0, 2] })
  const weights = [kernel, recurrentKernel].map((weight) => store(graph, rowsOf(weight, units, parts)))
  const given = [steps, ...weights, ...(bias ? [store(graph, biasOf(bias, units, parts))] : [])]
  const [all, last] = graph.addSeveral(operator, given, attributes, 2) as [string, string]
  if (options['returnSequences'] !== true) {
    return { shape, plain: graph.add('Squeeze', [last, graph.integers([0])]) }
  }
  const outputs = graph.add('Transpose', [graph.add('Squeeze', [all, graph.integers([1])])], { perm: [1, 0, 2] })
  // ONNX returns the steps in the order of the input; ours are in the order in which they were computed.
  return { shape, plain: isReversed ? reverseSteps(graph, outputs) : outputs }
}

/** The operator that computes a recurrent layer, or its cell. */
function cellOf(layer: tf.layers.Layer): Cell {
  return cells[layer.getClassName().replace(/Cell$/, '')]!
}

function hasOperator(layer: tf.layers.Layer): boolean {
  const options = layer.getConfig()
  return cellOf(layer).activations.every((option) => cellActivations[options[option] as string] !== undefined)
}

/** The layers of tf.layers that run a cell, or a stack of them. */
interface RecurrentLayer extends tf.layers.Layer {
  readonly cell: tf.layers.Layer & { readonly cells?: readonly tf.layers.Layer[] }
}

function stepByStep(applied: AppliedLayer, stack: readonly tf.layers.Layer[]): Value {
  const { graph, options, shape, input } = applied
  const steps = runSteps(applied, stack)
  if (options['returnSequences'] !== true) return { shape, plain: steps.at(-1)! }
  const { mask } = input
  return { shape, plain: stackSteps(graph, steps), ...(mask !== undefined && { mask }) }
}

/** Runs each cell of a stack by its operator, over the outputs of the one before it, if all of them have one. */
const freeCells: LayerForm = (applied) => {
  const { graph, layer, input: x, shape } = applied
  const { cell } = layer as RecurrentLayer
  const stack = cell.cells ?? [cell]
  if (x.mask !== undefined || !stack.every(hasOperator)) return stepByStep(applied, stack)
  return stack.reduce<Value>((value, one, index) => {
    const isLast = index === stack.length - 1
    const options: Readonly<Record<string, unknown>> = {
      ...one.getConfig(),
      returnSequences: !isLast || applied.options['returnSequences'] === true,
      // The next cells take the steps in the order in which the first computes them.
      goBackwards: index === 0 && applied.options['goBackwards'] === true,
      stateful: applied.options['stateful'],
    }
    const steps = [x.shape[0] ?? null, options['units'] as number]
    const given = { graph, layer: one, options, weights: weightsOf(one), input: value, inputs: [value] }
    return recurrent({ ...given, shape: isLast ? shape : steps })
  }, x)
}

const convolutionalCells: LayerForm = (applied) => {
  const { graph, options, shape } = applied
  const isFirst = options['dataFormat'] === 'channelsFirst'
  const steps = runConvolutionalSteps(applied)
  const shown = (step: string) => (isFirst ? step : graph.add('Transpose', [step], { perm: [0, 2, 3, 1] }))
  if (options['returnSequences'] !== true) return { shape, plain: shown(steps.at(-1)!) }
  return { shape, plain: stackSteps(graph, steps.map(shown)) }
}

/** Returns a kernel [inputs, parts · units] as [1, parts · units, inputs], with the parts in another order. */
function rowsOf(kernel: Weight, units: number, parts: readonly number[]): Weight {
  const { shape, values } = permute(kernel, [1, 0])
  return { shape: [1, ...shape], values: reorder(values, units * shape[1]!, parts) }
}

/** Returns the biases [1, 2 · parts · units] of both products. A GRU that resets after its product has two, the others one. */
function biasOf({ values }: Weight, units: number, parts: readonly number[]): Weight {
  const size = parts.length * units
  const out = new Float32Array(2 * size)
  out.set(reorder(values.subarray(0, size), units, parts))
  if (values.length > size) out.set(reorder(values.subarray(size), units, parts), size)
  return { shape: [1, 2 * size], values: out }
}

function reorder(values: Float32Array, size: number, parts: readonly number[]): Float32Array {
  const out = new Float32Array(values.length)
  for (const [index, part] of parts.entries()) out.set(values.subarray(part * size, (part + 1) * size), index * size)
  return out
}

function reverseSteps(graph: GraphBuilder, tensor: string): string {
  const [start, end, axis, step] = [[-1], [-(2 ** 31)], [1], [-1]].map((values) => graph.integers(values))
  return graph.add('Slice', [tensor, start!, end!, axis!, step!])
}

/** A layer that both directions of a sequence have, each with weights of its own. */
interface Bidirectional extends tf.layers.Layer {
  readonly forwardLayer: tf.layers.Layer
  readonly backwardLayer: tf.layers.Layer
}

const merges: Readonly<Record<string, string>> = { sum: 'Sum', mul: 'Mul', ave: 'Mean' }

const bidirectional: LayerForm = (applied) => {
  const { graph, input, options, shape } = applied
  const { forwardLayer, backwardLayer } = applied.layer as Bidirectional
  const mode = options['mergeMode'] as string
  const half = shape.map((size, axis) => (axis === shape.length - 1 && mode === 'concat' ? size! / 2 : size))
  const [forward, backward] = [forwardLayer, backwardLayer].map((layer) =>
    graph.plain(
      recurrentLayers[layer.getClassName()]!({
        graph,
        layer,
        options: layer.getConfig(),
        weights: weightsOf(layer),
        input,
        inputs: [input],
        shape: half,
      }),
    ),
  ) as [string, string]
  const hasSteps = forwardLayer.getConfig()['returnSequences'] === true
  const given = [forward, hasSteps ? reverseSteps(graph, backward) : backward]
  const mask = hasSteps && input.mask !== undefined && { mask: input.mask }
  if (mode === 'concat') return { shape, plain: graph.add('Concat', given, { axis: shape.length }), ...mask }
  return { shape, plain: graph.add(merges[mode]!, given), ...mask }
}

/** Applies a layer to each step, as one batch of all steps. */
export const timeDistributed =
  (applyLayer: (applied: UnreadLayer) => Value): LayerForm =>
  ({ graph, layer, input: x, shape }) => {
    const inner = (layer as unknown as { readonly layer: tf.layers.Layer }).layer
    const all = graph.plain(x)
    const [, ...sizes] = x.shape
    const joined = graph.add('Reshape', [all, joinSizes(graph, [-1], sizesOf(graph, sizes, all, 2))])
    const inputs = [{ shape: sizes, plain: joined }]
    const each = graph.plain(applyLayer({ graph, layer: inner, inputs, shape: shape.slice(1) }))
    const [steps, ...rest] = shape
    const first = steps === null || steps === undefined ? graph.sizes(all, 0, 2) : [-1, steps]
    const plain = graph.add('Reshape', [each, joinSizes(graph, first, sizesOf(graph, rest, each, 1))])
    return { shape, plain, ...(x.mask !== undefined && { mask: x.mask }) }
  }

/** Sizes that are known, or the tensor that has them at run time. */
type Sizes = readonly number[] | string

/** The sizes of a tensor from the axis `start` on. */
function sizesOf(graph: GraphBuilder, sizes: readonly Size[], tensor: string, start: number): Sizes {
  return sizes.every((size) => size !== null) ? sizes : graph.sizes(tensor, start)
}

function joinSizes(graph: GraphBuilder, first: Sizes, rest: Sizes): string {
  if (typeof first !== 'string' && typeof rest !== 'string') return graph.integers([...first, ...rest])
  const parts = [first, rest].map((sizes) => (typeof sizes === 'string' ? sizes : graph.integers(sizes)))
  return graph.add('Concat', parts, { axis: 0 })
}

export const recurrentLayers: Readonly<Record<string, LayerForm>> = {
  LSTM: recurrent,
  GRU: recurrent,
  SimpleRNN: recurrent,
  RNN: freeCells,
  ConvLSTM2D: convolutionalCells,
  Bidirectional: bidirectional,
}
