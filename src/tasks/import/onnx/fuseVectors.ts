/** Finds vectors that are scaled to length 1, and whole numbers that are encoded as vectors, which ONNX writes as several operators. */
import type { OnnxNode } from './decodeModel.ts'
import { inputsOf, numberOf, reducedAxes, storedNumber, type OnnxGraph } from './graph.ts'

/** x / √max(Σx², ε), with the sum over one axis. */
export function fuseUnitVectors(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [x, length] = node.operator === 'Div' ? node.inputs : []
  const [limited] = inputsOf(graph, length, 'Sqrt')
  const [one, other] = inputsOf(graph, limited, 'Max')
  const [sum, least] = storedNumber(graph, one) === undefined ? [one, other] : [other, one]
  const [square] = inputsOf(graph, sum, 'ReduceSum')
  const isSquare = inputsOf(graph, square, 'Mul').join() === [x, x].join()
  const [axis, ...others] = reducedAxes(graph, sum)
  const smallest = storedNumber(graph, least)
  if (x === undefined || !isSquare || axis === undefined || others.length > 0) return undefined
  if (smallest === undefined || smallest > 1e-11) return undefined
  return { ...node, operator: 'UnitVectors', inputs: [x], attributes: new Map([['axis', axis]]) }
}

/** A vector of zeros with ones at the places of whole numbers, their sum, or that up to 1. */
export function fuseCategories(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [output] = node.outputs as [string]
  const marked =
    node.operator === 'Min' ? node.inputs.find((input) => storedNumber(graph, input) === undefined) : undefined
  const isMarked = node.inputs.length === 2 && node.inputs.some((input) => storedNumber(graph, input) === 1)
  const counted = node.operator === 'ReduceSum' ? output : isMarked ? marked : undefined
  const [each] = inputsOf(graph, counted, 'ReduceSum')
  const isSum = each !== undefined && reducedAxes(graph, counted).join() === '1'
  const isJoined = isSum && numberOf(graph.producer(counted!)!, 'keepdims', 1) === 0
  const [places, depth, values] = inputsOf(
    graph,
    isJoined ? each : node.operator === 'OneHot' ? output : undefined,
    'OneHot',
  )
  const numTokens = storedNumber(graph, depth)
  const pair = values === undefined ? undefined : graph.readableConstant(values)
  const isLast = numberOf(graph.producer(isJoined ? each : output)!, 'axis', -1) === -1
  if (places === undefined || numTokens === undefined || !isLast || pair?.values.join() !== '0,1') return undefined
  const outputMode = isJoined ? (node.operator === 'Min' ? 'multiHot' : 'count') : 'oneHot'
  const attributes = new Map<string, string | number>([
    ['numTokens', numTokens],
    ['outputMode', outputMode],
  ])
  return { ...node, operator: 'CategoryEncoding', inputs: [places], attributes }
}
