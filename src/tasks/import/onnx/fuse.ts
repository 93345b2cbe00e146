/** Finds operators that several nodes compute together, such as GELU, and replaces them by one node. */
import { scalarOf } from './constants.ts'
import type { OnnxNode } from './decodeModel.ts'
import { fuseMasking } from './fuseMasks.ts'
import { fuseNormalization } from './fuseNormalization.ts'
import { fuseCutConvolution, fuseMeans, fusePaddedConvolution } from './fusePadding.ts'
import { fuseStackedStates } from './fuseStates.ts'
import { fuseCategories, fuseUnitVectors } from './fuseVectors.ts'
import { numbersOf, storedNumber, type OnnxGraph } from './graph.ts'

/** `x` is the input, a number is a stored one. */
type Pattern = 'x' | number | NodePattern

interface NodePattern {
  readonly operator: string
  readonly inputs: readonly Pattern[]
}

const op = (operator: string, ...inputs: readonly Pattern[]): NodePattern => ({ operator, inputs })

const errorShares = [op('Mul', 'x', Math.SQRT1_2), op('Div', 'x', Math.SQRT2)].map((scaled) =>
  op('Add', op('Erf', scaled), 1),
)
const tanhShares = [op('Mul', op('Mul', 'x', 'x'), 'x'), op('Pow', 'x', 3)].map((cube) =>
  op('Add', op('Tanh', op('Mul', op('Add', 'x', op('Mul', cube, 0.044715)), Math.sqrt(2 / Math.PI))), 1),
)

/** x / 2 · share, in any order. */
function halved(share: Pattern): NodePattern[] {
  return [
    op('Mul', op('Mul', 'x', 0.5), share),
    op('Mul', op('Mul', 'x', share), 0.5),
    op('Mul', 'x', op('Mul', share, 0.5)),
  ]
}

interface Fusion {
  readonly operator: string
  readonly pattern: NodePattern
  readonly attributes?: OnnxNode['attributes']
}

const fusions: readonly Fusion[] = [
  { operator: 'Swish', pattern: op('Mul', 'x', op('Sigmoid', 'x')) },
  { operator: 'Mish', pattern: op('Mul', 'x', op('Tanh', op('Softplus', 'x'))) },
  ...errorShares.flatMap(halved).map((pattern) => ({ operator: 'Gelu', pattern })),
  ...tanhShares
    .flatMap(halved)
    .map((pattern) => ({ operator: 'Gelu', pattern, attributes: new Map([['approximate', 'tanh']]) })),
]

const commutative: ReadonlySet<string> = new Set(['Add', 'Mul'])

/** Replaces what several nodes compute together. */
export function fuseOperators(graph: OnnxGraph): void {
  const fusers = [
    fusePattern,
    fuseSmallest,
    fuseSoftmax,
    fuseTableRow,
    fuseStackedStates,
    fusePaddedConvolution,
    fuseCutConvolution,
    fuseMeans,
    fuseNormalization,
    fuseUnitVectors,
    fuseCategories,
    fuseMasking,
  ]
  const replaced = new Map<OnnxNode, OnnxNode>()
  for (const node of graph.nodes) {
    const fused = fusers.reduce<OnnxNode | undefined>((found, fuse) => found ?? fuse(graph, node), undefined)
    if (fused) replaced.set(node, fused)
  }
  if (replaced.size > 0) graph.replace(replaced)
}

function fusePattern(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  for (const { operator, pattern, attributes = new Map() } of fusions) {
    const x = matchNode(graph, pattern, node, undefined)
    if (x !== undefined) return { ...node, operator, inputs: [x], attributes }
  }
  return undefined
}

/** Returns the tensor that is `x`, if a node is as the pattern; `x` is undefined before it is found. */
function matchNode(graph: OnnxGraph, pattern: NodePattern, node: OnnxNode, x: string | undefined): string | undefined {
  if (node.operator !== pattern.operator || node.inputs.length !== pattern.inputs.length) return undefined
  const orders = commutative.has(node.operator) ? [node.inputs, node.inputs.toReversed()] : [node.inputs]
  for (const inputs of orders) {
    let found = x
    const fits = pattern.inputs.every((wanted, index) => {
      const next = matchTensor(graph, wanted, inputs[index]!, found)
      if (next !== undefined) found = next.x
      return next !== undefined
    })
    if (fits && found !== undefined) return found
  }
  return undefined
}

function matchTensor(
  graph: OnnxGraph,
  pattern: Pattern,
  tensor: string,
  x: string | undefined,
): { readonly x: string | undefined } | undefined {
  if (typeof pattern === 'number') return isNear(graph, tensor, pattern) ? { x } : undefined
  if (pattern === 'x') return x === undefined || x === tensor ? { x: tensor } : undefined
  const producer = graph.producer(tensor)
  const found = producer && matchNode(graph, pattern, producer, x)
  return found === undefined ? undefined : { x: found }
}

function isNear(graph: OnnxGraph, tensor: string, wanted: number): boolean {
  const found = storedNumber(graph, tensor)
  return found !== undefined && Math.abs(found - wanted) < 1e-4
}

/** −max(−x) over windows is their minimum. */
function fuseSmallest(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [pool] = node.operator === 'Neg' ? node.inputs.flatMap((input) => graph.producer(input) ?? []) : []
  const [negated] = pool?.operator === 'MaxPool' ? pool.inputs.flatMap((input) => graph.producer(input) ?? []) : []
  if (pool === undefined || negated?.operator !== 'Neg') return undefined
  return { ...node, operator: 'MinPool', inputs: negated.inputs, attributes: pool.attributes }
}

/** Powers divided by their sum along several axes, which the operator Softmax does not take. */
function fuseSoftmax(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [powers, sum] = node.operator === 'Div' ? node.inputs.map((input) => graph.producer(input)) : []
  const [difference] = powers?.operator === 'Exp' ? powers.inputs.map((input) => graph.producer(input)) : []
  const [x, largest] = difference?.operator === 'Sub' ? difference.inputs : []
  const isSum = sum?.operator === 'ReduceSum' && sum.inputs[0] === node.inputs[0]
  const most = largest === undefined ? undefined : graph.producer(largest)
  if (x === undefined || !isSum || most?.operator !== 'ReduceMax' || most.inputs[0] !== x) return undefined
  const axes = numbersOf(most, 'axes')
  return axes && { ...node, operator: 'Softmax', inputs: [x], attributes: new Map([['axes', axes]]) }
}

/**
 * A row of a table by a number that counts from the end if it is negative, which exporters write as several nodes. The numbers
 * of an embedding are not negative, so the nodes are left out if they compute the same number for all rows.
 */
function fuseTableRow(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  const [table, place] = node.operator === 'Gather' ? node.inputs : []
  const rows = table === undefined ? undefined : graph.readableConstant(table)?.shape[0]
  if (rows === undefined || place === undefined || rows > 2 ** 24) return undefined
  const [source, ...others] = sourcesOf(graph, place)
  if (source === undefined || source === place || others.length > 0) return undefined
  const isSame = [0, 1, rows >> 1, rows - 1].every((row) => evaluate(graph, place, new Map([[source, row]])) === row)
  return isSame ? { ...node, inputs: [table!, source] } : undefined
}

/** Operators of whole numbers, one by one. */
const integerOperators: Readonly<Record<string, (...values: readonly number[]) => number>> = {
  Cast: (value) => value!,
  Identity: (value) => value!,
  Add: (a, b) => a! + b!,
  Mul: (a, b) => a! * b!,
  Less: (a, b) => Number(a! < b!),
  Not: (a) => Number(a === 0),
  Where: (condition, a, b) => (condition === 0 ? b! : a!),
}

/** Returns the tensors that are no results of such operators, and no stored numbers. */
function sourcesOf(graph: OnnxGraph, place: string): string[] {
  const seen = new Set([place])
  const sources: string[] = []
  for (const tensor of seen) {
    if (graph.readableConstant(tensor) !== undefined) continue
    const producer = graph.producer(tensor)
    const isInner = producer !== undefined && seen.size < 40 && Object.hasOwn(integerOperators, producer.operator)
    if (!isInner) sources.push(tensor)
    else for (const input of producer.inputs) seen.add(input)
  }
  return sources
}

/** Computes a tensor of one number from that of its source. */
function evaluate(graph: OnnxGraph, tensor: string, known: Map<string, number>): number {
  const found = known.get(tensor)
  if (found !== undefined) return found
  known.set(tensor, Number.NaN)
  const stored = graph.readableConstant(tensor)
  const producer = graph.producer(tensor)
  const value = stored
    ? (scalarOf(stored) ?? Number.NaN)
    : integerOperators[producer!.operator]!(...producer!.inputs.map((input) => evaluate(graph, input, known)))
  known.set(tensor, value)
  return value
}
