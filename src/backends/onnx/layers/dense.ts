/** Dense layers, embeddings, and normalizations. */
import { axisOf, permute, scalar, store, type AppliedLayer, type LayerForm, type Weight } from '../layerForm.ts'
import { range } from '../graphBuilder.ts'
import { dataTypes } from '../encodeModel.ts'
import { activate } from './activations.ts'

const dense: LayerForm = (applied) => {
  const { graph, weights, input, shape } = applied
  const [kernel, bias] = weights as [Weight, Weight?]
  const x = graph.plain(input)
  if (shape.length === 1) {
    const given = [kernel, ...(bias ? [bias] : [])].map((weight) => store(graph, weight))
    return activate(applied, { shape, plain: graph.add('Gemm', [x, ...given]) })
  }
  const product = graph.add('MatMul', [x, store(graph, kernel)])
  return activate(applied, { shape, plain: bias ? graph.add('Add', [product, store(graph, bias)]) : product })
}

const embedding: LayerForm = ({ graph, weights, input, options, shape }) => {
  const indices = graph.add('Cast', [graph.plain(input)], { to: dataTypes.int64 })
  const plain = graph.add('Gather', [store(graph, weights[0]!), indices], { axis: 0 })
  if (options['maskZero'] !== true) return { shape, plain }
  // Index 0 is masked. The mask is min(index, 1), since indices are whole numbers of at least 0.
  return { shape, plain, mask: graph.add('Min', [graph.plain(input), scalar(graph, 1)]) }
}

/** Reads the weights of a normalization, whose scale and center are optional. */
function scaleAndCenter({ weights, options }: AppliedLayer, size: readonly number[]) {
  const rest = [...weights]
  const count = size.reduce((product, one) => product * one, 1)
  const constant = (value: number): Weight => ({ shape: size, values: new Float32Array(count).fill(value) })
  const gamma = options['scale'] === true ? rest.shift()! : constant(1)
  const beta = options['center'] === true ? rest.shift()! : constant(0)
  return { gamma, beta, rest }
}

/** In prediction, a batch normalization scales and shifts by fixed numbers. */
const batchNormalization: LayerForm = (applied) => {
  const { graph, options, input: x, shape, weights } = applied
  const axis = axisOf(options['axis'] as number, shape.length)
  const { gamma, beta, rest } = scaleAndCenter(applied, weights.at(-1)!.shape)
  const [mean, variance] = rest as [Weight, Weight]
  const epsilon = options['epsilon'] as number
  const isVector = shape.length === 1
  if (isVector || (axis === shape.length && x.plain === undefined)) {
    const given = [gamma, beta, mean, variance].map((weight) => store(graph, weight))
    const out = graph.add('BatchNormalization', [graph.moved(x), ...given], { epsilon: { float: epsilon } })
    return isVector ? { shape, plain: out } : { shape, moved: out }
  }
  const factors = gamma.values.map((value, index) => value / Math.sqrt(variance.values[index]! + epsilon))
  const shifts = beta.values.map((value, index) => value - mean.values[index]! * factors[index]!)
  const sizes = [gamma.values.length, ...range(axis, shape.length).map(() => 1)]
  const product = graph.add('Mul', [graph.plain(x), graph.floats(factors, sizes)])
  return { shape, plain: graph.add('Add', [product, graph.floats(shifts, sizes)]) }
}

/** (x - mean) / √(variance + ε) over the axes of each sample, scaled and shifted. The operator takes the last axes only. */
const layerNormalization: LayerForm = (applied) => {
  const { graph, options, input, shape } = applied
  const axes = [options['axis'] as number | readonly number[]].flat().map((axis) => axisOf(axis, shape.length))
  const sizes = axes.map((axis) => shape[axis - 1]!)
  const { gamma, beta } = scaleAndCenter(applied, sizes)
  const x = graph.plain(input)
  const first = shape.length - axes.length + 1
  if (axes.every((axis, index) => axis === first + index)) {
    const given = [gamma, beta].map((weight) => store(graph, weight))
    const epsilon = { float: options['epsilon'] as number }
    return { shape, plain: graph.add('LayerNormalization', [x, ...given], { axis: first, epsilon }) }
  }
  const centered = graph.add('Sub', [x, graph.add('ReduceMean', [x], { axes })])
  const variance = graph.add('ReduceMean', [graph.add('Mul', [centered, centered])], { axes })
  const deviation = graph.add('Sqrt', [graph.add('Add', [variance, scalar(graph, options['epsilon'] as number)])])
  const normal = graph.add('Div', [centered, deviation])
  // The weights have the sizes of the normalized axes, which are in order; the others are of size 1.
  const across = shape.map((size, index) => (axes.includes(index + 1) ? size! : 1))
  const order = axes.toSorted((a, b) => a - b).map((axis) => axes.indexOf(axis))
  const given = [gamma, beta].map((weight) => graph.floats(permute({ ...weight, shape: sizes }, order).values, across))
  return { shape, plain: graph.add('Add', [graph.add('Mul', [normal, given[0]!]), given[1]!]) }
}

export const denseLayers: Readonly<Record<string, LayerForm>> = {
  Dense: dense,
  Embedding: embedding,
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
}
