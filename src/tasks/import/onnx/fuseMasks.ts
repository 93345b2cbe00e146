/** Finds what `masking` and the masks of embeddings are in ONNX, which has no masks. */
import type { OnnxNode } from './decodeModel.ts'
import { bothOrders, inputsOf, numberOf, numbersOf, storedNumber, type OnnxGraph } from './graph.ts'

/** What marks the steps to skip: an embedding of these whole numbers, or the layer `masking` with this output. */
export interface MaskSource {
  readonly kind: 'tokens' | 'marked'
  readonly tensor: string
}

/** The values of steps, each multiplied by 0 if all values of the step equal one number. */
export function fuseMasking(graph: OnnxGraph, node: OnnxNode): OnnxNode | undefined {
  if (node.operator !== 'Mul') return undefined
  for (const [x, factor] of bothOrders(node.inputs)) {
    const marks = marksOf(graph, factor)
    if (marks?.x === x) {
      const attributes = new Map([
        ['maskValue', marks.maskValue],
        ['axis', marks.axis],
      ])
      return { ...node, operator: 'Masking', inputs: [x], attributes }
    }
  }
  return undefined
}

/** Finds the sources of a mask [batch, steps]; undefined if it is something else. */
export function maskSources(graph: OnnxGraph, mask: string): readonly MaskSource[] | undefined {
  const sources: MaskSource[] = []
  const seen = new Set([mask])
  for (const tensor of seen) {
    const source = sourceOf(graph, tensor)
    const joined = source ? [] : joinedMasks(graph, tensor)
    if (!joined) return undefined
    if (source) sources.push(source)
    for (const one of joined) seen.add(one)
  }
  return sources
}

function sourceOf(graph: OnnxGraph, mask: string): MaskSource | undefined {
  const limited = inputsOf(graph, mask, 'Min')
  const [tokens, ...others] = limited.filter((input) => storedNumber(graph, input) !== 1)
  if (tokens !== undefined && others.length === 0 && limited.length === 2) return { kind: 'tokens', tensor: tokens }
  const [flags] = inputsOf(graph, mask, 'Squeeze')
  const marks = flags === undefined ? undefined : marksOf(graph, flags)
  const masked = marks && graph.consumers(marks.x).find((node) => isMaskingOf(node, marks))
  return masked && { kind: 'marked', tensor: masked.outputs[0]! }
}

function isMaskingOf(node: OnnxNode, { maskValue }: Marks): boolean {
  return node.operator === 'Masking' && numberOf(node, 'maskValue', Number.NaN) === maskValue
}

/** The masks that a step must have all of, or that follow each other. */
function joinedMasks(graph: OnnxGraph, mask: string): readonly string[] | undefined {
  const producer = graph.producer(mask)
  const isJoin =
    producer?.operator === 'Min' || (producer?.operator === 'Concat' && numberOf(producer, 'axis', 0) === 1)
  return isJoin ? producer.inputs : undefined
}

interface Marks {
  readonly x: string
  readonly maskValue: number
  /** The axis of x with the values of a step. */
  readonly axis: number
}

/** sign(max |x − value|) over the values of each step. */
function marksOf(graph: OnnxGraph, tensor: string): Marks | undefined {
  const [largest] = inputsOf(graph, tensor, 'Sign')
  const [distance] = inputsOf(graph, largest, 'ReduceMax')
  const [difference] = inputsOf(graph, distance, 'Abs')
  const [x, value] = inputsOf(graph, difference, 'Sub')
  const maskValue = storedNumber(graph, value)
  const reduction = largest === undefined ? undefined : graph.producer(largest)
  const [axis, ...others] = (reduction && numbersOf(reduction, 'axes')) ?? []
  if (x === undefined || maskValue === undefined || axis === undefined || others.length > 0) return undefined
  return { x, maskValue, axis }
}
