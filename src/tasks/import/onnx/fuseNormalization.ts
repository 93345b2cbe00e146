/** Finds layer normalizations that are written as several operators, as Keras and older versions of PyTorch export them. */
import type { Attribute, OnnxNode } from './decodeModel.ts'
import { inputsOf, numberOf, reducedAxes, storedNumber, type OnnxGraph } from './graph.ts'

/** The parts of (x − mean) / √(variance + ε) · gamma. */
interface Parts {
  readonly x: string
  readonly epsilon: number
  readonly gamma?: string
  /** The axes of x that have one mean. */
  readonly axes: readonly number[]
  /** The rank of x that makes a pooling over all axes but two a mean over the last axis. */
  readonly rank?: number
}

export function fuseNormalization(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const parts = centered(graph, node) ?? shifted(graph, node)
  if (parts === undefined) return undefined
  const { x, epsilon, gamma, axes, rank } = parts
  const attributes = new Map<string, Attribute>([
    ['axes', axes],
    ['epsilon', epsilon],
    ...(rank === undefined ? [] : [['rank', rank] as const]),
  ])
  return { ...node, operator: 'LayerNormalization', inputs: gamma === undefined ? [x] : [x, gamma], attributes }
}

/** (x − mean) / √(variance + ε). */
function centered(graph: OnnxGraph, node: OnnxNode): Parts | undefined {
  const [difference, deviation] = node.operator === 'Div' ? node.inputs : []
  const [x, mean] = inputsOf(graph, difference, 'Sub')
  return x !== undefined && mean !== undefined ? deviationOf(graph, deviation, x, mean) : undefined
}

/** x · m + −mean · m, where m = gamma / √(variance + ε). */
function shifted(graph: OnnxGraph, node: OnnxNode): Parts | undefined {
  if (node.operator !== 'Add') return undefined
  const [left, right] = node.inputs.map((input) => inputsOf(graph, input, 'Mul'))
  const [x, factor] = left ?? []
  const [negative, same] = right ?? []
  const [mean] = inputsOf(graph, negative, 'Neg')
  if (x === undefined || mean === undefined || factor !== same) return undefined
  const scaled = inputsOf(graph, factor, 'Mul')
  const [root] = inputsOf(graph, scaled[0] ?? factor, 'Reciprocal')
  const parts = deviationOf(graph, root, x, mean)
  return parts && (scaled[1] === undefined ? parts : { ...parts, gamma: scaled[1] })
}

/** √(mean of (x − mean)² + ε). */
function deviationOf(graph: OnnxGraph, root: string | undefined, x: string, mean: string): Parts | undefined {
  const [sum] = inputsOf(graph, root, 'Sqrt')
  const terms = inputsOf(graph, sum, 'Add')
  const variance = terms.find((term) => storedNumber(graph, term) === undefined)
  const size = storedNumber(
    graph,
    terms.find((term) => term !== variance),
  )
  const ofMean = meanOf(graph, mean)
  const ofVariance = variance === undefined ? undefined : meanOf(graph, variance)
  if (size === undefined || ofMean?.x !== x || ofVariance === undefined) return undefined
  const [difference, again] = squareOf(graph, ofVariance.x)
  const [minuend, subtrahend] = inputsOf(graph, difference, 'Sub')
  const isSame = ofMean.rank === ofVariance.rank && ofMean.axes.join() === ofVariance.axes.join()
  if (difference !== again || minuend !== x || subtrahend !== mean || !isSame) return undefined
  return { x, epsilon: size, axes: ofMean.axes, ...(ofMean.rank !== undefined && { rank: ofMean.rank }) }
}

/** The two equal factors of a square. */
function squareOf(graph: OnnxGraph, tensor: string): readonly (string | undefined)[] {
  const [base, exponent] = inputsOf(graph, tensor, 'Pow')
  if (storedNumber(graph, exponent) === 2) return [base, base]
  return inputsOf(graph, tensor, 'Mul')
}

/** The tensor whose mean over some axes another is. */
function meanOf(graph: OnnxGraph, tensor: string): Pick<Parts, 'x' | 'axes' | 'rank'> | undefined {
  const [pooled] = inputsOf(graph, tensor, 'GlobalAveragePool')
  if (pooled !== undefined) return { x: pooled, axes: [-1], rank: 3 }
  const [x] = inputsOf(graph, tensor, 'ReduceMean')
  const axes = reducedAxes(graph, tensor)
  const producer = graph.producer(tensor)
  const keepsAxes = producer !== undefined && numberOf(producer, 'keepdims', 1) === 1
  return x !== undefined && keepsAxes && axes.length > 0 ? { x, axes } : undefined
}
