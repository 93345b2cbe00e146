/** Infers shapes: asks each layer of the graph for its output shape, and reports why a layer has none. */
import type { Diagnostic, Fix, RelatedPlace } from '../diagnostics/diagnostic.ts'
import { formatShape, toJsonShape, type Dim, type Shape } from '../language/dims.ts'
import { findConstraintMisfit } from '../language/constraints.ts'
import { findInitializerMisfit } from '../language/initializers.ts'
import type { LayerProblem, Suggestion, Weight } from '../language/layerDef.ts'
import { layerDef } from '../parts/layers/table.ts'
import { addEntry, insertItemBefore, removeEntry, setValue, yamlText } from '../source/edits.ts'
import { reportAt } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import type { TextEdit } from '../diagnostics/diagnostic.ts'
import type { LayerSpec } from '../validation/spec.ts'
import { findUnconsumedLayers, type UnconsumedLayers } from './unconsumedLayers.ts'
import type { Graph, GraphNode } from './graph.ts'
import { findMisuse } from './sharedLayers.ts'

export interface ShapedNode extends GraphNode {
  readonly inputShapes: readonly Shape[]
  readonly shape: Shape
  /** Empty if the node applies the layer of another node again. */
  readonly weights: readonly Weight[]
  readonly params: number
  readonly trainableParams: number
  readonly flops: number
}

export interface ShapedGraph {
  /** The nodes whose shapes are known, in the order of the graph. */
  readonly nodes: readonly ShapedNode[]
  readonly outputs: readonly string[]
  /** Whether every node of the graph is included. */
  readonly complete: boolean
}

export interface InferredShapes {
  readonly shaped: ShapedGraph
  readonly diagnostics: readonly Diagnostic[]
}

/** Infers the shapes of a graph. Layers that depend on a layer without a shape stay unknown and are not reported. */
export function inferShapes(graph: Graph, source: SourceDocument): InferredShapes {
  const diagnostics: Diagnostic[] = []
  const shaped = new Map<string, ShapedNode>()
  const awaiting = findUnconsumedLayers(graph)
  for (const node of graph.nodes) {
    if (!node.layer.valid) continue
    const inputs = node.inputs.map((input) => shaped.get(input))
    if (inputs.some((input) => input === undefined)) continue
    const known = inputs as ShapedNode[]
    const first = node.applies === undefined ? undefined : shaped.get(node.applies)
    if (node.applies !== undefined && first === undefined) continue
    const result = shapeNode(node, known, first, awaiting)
    if ('code' in result) {
      diagnostics.push(reportProblem(result, node, [...(first ? [first] : []), ...known], shaped, source))
      continue
    }
    shaped.set(node.name, result)
    const unmet = checkExpectation(result, source)
    if (unmet) diagnostics.push(unmet)
  }
  const nodes = [...shaped.values()]
  return {
    shaped: { nodes, outputs: graph.outputs, complete: nodes.length > 0 && nodes.length === graph.nodes.length },
    diagnostics,
  }
}

/** @param first The node whose layer this one applies again. */
function shapeNode(
  node: GraphNode,
  inputs: readonly ShapedNode[],
  first: ShapedNode | undefined,
  awaiting: UnconsumedLayers,
): ShapedNode | LayerProblem {
  const definition = layerDef(node.layer.type)
  const { least, most } = definition.arity
  if (inputs.length < least || inputs.length > most) return arityProblem(node, least, most, awaiting)
  const inputShapes = inputs.map(({ shape }) => shape)
  const options = node.layer.options
  const result = definition.shape(options, inputShapes)
  if (!result.ok) return result.problem
  const weights = definition.weights(options, inputShapes)
  const misfit = findInitializerMisfit(options, weights) ?? findConstraintMisfit(options, weights)
  if (misfit) return misfit
  const flops = definition.flops(options, inputShapes, result.value)
  if (first !== undefined) {
    const misuse = findMisuse(first, node, inputShapes, weights)
    return misuse ?? { ...node, inputShapes, shape: result.value, weights: [], params: 0, trainableParams: 0, flops }
  }
  const own = node.layer.trainable ? weights : weights.map((weight) => ({ ...weight, trainable: false }))
  const sizes = own.map((weight) => weight.shape.reduce((product, size) => product * size, 1))
  const learned = sizes.filter((_, index) => own[index]!.trainable)
  // Field by field: a spread would take as long as the rest of this function.
  const { name, item, layer, inputs: feeds, implied } = node
  return {
    name,
    item,
    layer,
    inputs: feeds,
    implied,
    inputShapes,
    shape: result.value,
    weights: own,
    params: sum(sizes),
    trainableParams: sum(learned),
    flops,
  }
}

function arityProblem(node: GraphNode, least: number, most: number, awaiting: UnconsumedLayers): LayerProblem {
  const wanted =
    least === most ? String(least) : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} to ${most}`
  const got = node.inputs.length === 0 ? 'none' : node.inputs.map((name) => `\`${name}\``).join(', ')
  return {
    code: 'graph/wrong-arity',
    message: `\`${node.applies ?? node.layer.type}\` takes ${wanted} ${wanted === '1' ? 'input' : 'inputs'}, but has ${got}`,
    option: 'inputs',
    help:
      most === 1
        ? 'combine several inputs first, for example with `concatenate` or `add`'
        : 'list its inputs with `inputs: [a, b]`',
    suggestions: suggestInputs(node, least, awaiting),
  }
}

/** Suggests the inputs of a merge that lists none, if only one other layer can be meant. */
function suggestInputs(node: GraphNode, least: number, awaiting: UnconsumedLayers): readonly Suggestion[] {
  if (least < 2 || node.item.inputs !== undefined || node.inputs.length !== 1) return []
  const [other, ...more] = awaiting(node)
  if (other === undefined || more.length > 0) return []
  return [{ kind: 'set', option: 'inputs', value: [other, ...node.inputs] }]
}

/**
 * @param sources The nodes that the problem follows from: the node whose layer this one applies, if any, then its inputs.
 */
function reportProblem(
  found: LayerProblem,
  node: GraphNode,
  sources: readonly ShapedNode[],
  shaped: ReadonlyMap<string, ShapedNode>,
  source: SourceDocument,
): Diagnostic {
  const { item } = node
  // If the node applies another layer again, the options are in the item of that layer, but the mistake is in this item.
  const optionPath = found.option === undefined ? item.path : [...item.path, found.option, ...(found.inside ?? [])]
  const isWritten = found.option !== undefined && source.pairAt(optionPath) !== undefined
  return reportAt(source, found.code, isWritten ? optionPath : item.path, found.message, {
    atKey: !isWritten,
    related: sources.map((input) =>
      input.name === node.applies ? noteFirstUse(input, source) : noteChain(input, shaped, source),
    ),
    fixes: keepSteps(found, sources.at(-1), source) ?? fixesOf(found, node, source),
    ...(found.help !== undefined && { help: found.help }),
  })
}

function fixesOf({ suggestions = [] }: LayerProblem, { item, layer }: GraphNode, source: SourceDocument): Fix[] {
  return suggestions.flatMap((suggestion) =>
    toFix(suggestion, suggestion.kind === 'insertBefore' ? item : layer, source),
  )
}

/** The fix for a layer that needs a sequence, if its input dropped the steps of one. */
function keepSteps({ code }: LayerProblem, input: ShapedNode | undefined, source: SourceDocument): Fix[] | undefined {
  if (code !== 'shape/wrong-rank' || input === undefined) return undefined
  const option = layerDef(input.layer.type).keepsSteps
  if (option === undefined || input.layer.options[option] === true) return undefined
  const fixes = toFix({ kind: 'set', option, value: true }, input.layer, source)
  return fixes.map((fix) => ({ ...fix, title: `${fix.title} on \`${input.name}\`` }))
}

function noteFirstUse(first: ShapedNode, source: SourceDocument): RelatedPlace {
  const inputs = first.inputs.map((name, index) => `\`${name}\`, ${formatShape(first.inputShapes[index]!)}`)
  return {
    message: `\`${first.name}\` is created for ${inputs.join(' and ')}`,
    span: source.locateKey(first.item.path),
  }
}

const longestChain = 8

/** Describes the shapes that led to a layer, along the first inputs: 28x28x1 → 14x14x32 → 7x7x64. */
function noteChain(from: ShapedNode, shaped: ReadonlyMap<string, ShapedNode>, source: SourceDocument): RelatedPlace {
  const shapes: string[] = []
  for (let node: ShapedNode | undefined = from; node; node = shaped.get(node.inputs[0] ?? '')) {
    const shape = formatShape(node.shape)
    if (shapes[0] !== shape) shapes.unshift(shape)
    if (shapes.length > longestChain) break
  }
  const chain = shapes.length > longestChain ? ['…', ...shapes.slice(1)] : shapes
  const what =
    chain.length > 1
      ? `its input comes from \`${from.name}\`: ${chain.join(' → ')}`
      : `its input is \`${from.name}\`: ${chain[0]}`
  return { message: what, span: from.implied ? source.locateValue(from.item.path) : source.locateKey(from.item.path) }
}

function checkExpectation(node: ShapedNode, source: SourceDocument): Diagnostic | undefined {
  const { expect } = node.item
  if (expect === undefined) return undefined
  const actual = toJsonShape(node.shape)
  const isMet = expect.length === actual.length && expect.every((size, axis) => size === actual[axis])
  if (isMet) return undefined
  const path = [...node.item.path, 'expect']
  const edits = setValue(source, path, actual)
  const stated = formatShape(expect.map((size): Dim => size ?? { atom: '?', times: 1, plus: 0 }))
  const message = `the output of \`${node.name}\` is ${formatShape(node.shape)}, not ${stated}`
  const input = node.inputShapes.map(formatShape).join(' and ')
  return reportAt(source, 'shape/expect-not-met', path, message, {
    help: `its input is ${input}; change the layers above or set \`expect: ${yamlText(actual)}\``,
    fixes: edits ? [{ kind: 'suggestion', title: `set \`expect\` to ${formatShape(node.shape)}`, edits }] : [],
  })
}

/** Converts a layer's suggestion to a fix, if the text has a place for it. */
export function toFix(suggestion: Suggestion, layer: LayerSpec, source: SourceDocument): Fix[] {
  const isBare = layer.path.length === 2
  let edits: TextEdit[] | undefined
  let title: string
  switch (suggestion.kind) {
    case 'set': {
      title = `set \`${suggestion.option}: ${yamlText(suggestion.value)}\``
      const entry = `${layer.type}: { ${suggestion.option}: ${yamlText(suggestion.value)} }`
      const path = [...layer.path, suggestion.option]
      if (isBare) edits = [{ span: source.locateValue(layer.path), newText: entry }]
      else if (source.pairAt(path)) edits = setValue(source, path, suggestion.value)
      else edits = addEntry(source, layer.path, suggestion.option, suggestion.value)
      break
    }
    case 'remove':
      title = `remove \`${suggestion.option}\``
      edits = removeEntry(source, [...layer.path, suggestion.option])
      break
    case 'replaceBy': {
      const own = source.pairAt(layer.path)
      const names = layer.name ?? layer.inputs ?? layer.expect
      const [type, options] = Object.entries(suggestion.layer)[0]!
      title = `replace it with \`${type}: ${yamlText(options)}\``
      const span = own
        ? { ...source.locateKey(layer.path), end: source.locateValue(layer.path).end }
        : source.locateValue(layer.path)
      edits = names === undefined ? [{ span, newText: `${type}: ${yamlText(options)}` }] : undefined
      break
    }
    case 'insertBefore':
      title = `insert \`${typeof suggestion.layer === 'string' ? suggestion.layer : Object.keys(suggestion.layer).join(', ')}\` before it`
      edits = insertItemBefore(source, layer.path.slice(0, 2), suggestion.layer)
      break
  }
  return edits ? [{ kind: 'suggestion', title, edits }] : []
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
