/**
 * Prepares a network for PyTorch: the stages of each layer, the order of the axes of each value, and the masks that
 * recurrent layers read.
 */
import { lookUp, readChoice, type ChoiceValue } from '../../language/schema.ts'
import { formatShape, isKnown, type Shape } from '../../language/dims.ts'
import type { ShapedGraph, ShapedNode } from '../../graph/shapes.ts'
import { isInput, layerDef, layerTable } from '../../parts/layers/table.ts'
import { activationOf } from '../../rules/activationOf.ts'
import type { Path } from '../../diagnostics/diagnostic.ts'
import { convertLayout, type LayerForm, type Layout, type Stage } from './layers/form.ts'
import { layerForms } from './layers/table.ts'
import { printFloat } from '../python/printLiteral.ts'
import { printCall } from './expression.ts'

export interface NetworkLayer {
  readonly node: ShapedNode
  readonly name: string
  /** The names of the layers whose outputs it takes. */
  readonly inputs: readonly string[]
  /** The conversions of its inputs to the order of axes that it takes. */
  readonly conversions: readonly (Stage | undefined)[]
  readonly stages: readonly Stage[]
  /** The order of the axes of its output. */
  readonly layout: Layout
  /** The name of the earlier layer that it applies again. */
  readonly applies?: string
  /** False if the layer is only applied elsewhere. */
  readonly isUsed: boolean
  /** The layers that make the mask that it reads. */
  readonly reads: readonly string[]
  /** For a dense layer after `flatten`: the image that was flattened with its channels first, as the spec has it. */
  readonly flattened?: readonly number[]
}

export interface Network {
  readonly layers: readonly NetworkLayer[]
  readonly inputs: readonly NetworkLayer[]
  readonly outputs: readonly string[]
  /** The conversions of outputs to the order of the spec. */
  readonly outputConversions: readonly (Stage | undefined)[]
  /** The reasons why PyTorch cannot compute layers, with their places in the spec. */
  readonly unsupported: readonly { readonly path: Path; readonly message: string }[]
}

/** @param logits The outputs without their last activation, which the loss applies. */
export function prepareNetwork(shaped: ShapedGraph, logits: ReadonlySet<string>): Network {
  const { used, applied } = findUsed(shaped)
  const nodes = shaped.nodes.filter(({ name }) => used.has(name) || applied.has(name))
  const unsupported: { path: Path; message: string }[] = []
  const layouts = new Map<string, Layout>()
  const masks = new Map<string, readonly string[]>()
  const flattened = new Map<string, readonly number[]>()
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const layers = nodes.map((node): NetworkLayer => {
    const isUsed = used.has(node.name)
    const given = isUsed ? node.inputs.map((input) => layouts.get(input)!) : node.inputs.map(() => 'spec' as const)
    const role = roleOf(node)
    const isKept = role === 'makes' && given[0] === 'moved' && isOnlyForDense(node, shaped)
    const layout = isKept ? 'moved' : layoutOf(node, given, nodes)
    const image = isKept ? (node.inputShapes[0] as readonly number[]) : flattened.get(node.inputs[0] ?? '')
    if (image !== undefined && role !== 'takes') flattened.set(node.name, image)
    const flow = isUsed ? flowOfMask(node, masks, byName) : { reads: [], gives: [] }
    // A layer that is applied again may read a mask in one place only.
    const isMasked = flow.reads.length > 0 || node.applies !== undefined || applied.has(node.name)
    const made = stagesOf(node, { layout, isMasked, isLogits: logits.has(node.name) })
    if ('reason' in made) {
      const message = `\`${node.name}\`: ${made.reason}`
      unsupported.push({ path: node.layer.path, message })
    }
    const form = layerForms[node.layer.type]!
    const result = rankOf(node.shape) < 2 ? 'spec' : (form.gives ?? layout)
    layouts.set(node.name, result)
    if (flow.problem !== undefined) unsupported.push({ path: node.item.path, message: flow.problem })
    masks.set(node.name, flow.gives)
    return {
      node,
      name: node.name,
      inputs: isUsed ? node.inputs : [],
      conversions: given.map((from, index) =>
        from === layout || rankOf(node.inputShapes[index]!) < 2 ? undefined : convertLayout(layout),
      ),
      stages: 'reason' in made ? [] : made,
      layout: result,
      isUsed,
      reads: flow.reads,
      ...(node.applies !== undefined && { applies: node.applies }),
      ...(image !== undefined && role === 'takes' && { flattened: image }),
    }
  })
  return {
    layers: layers.filter(({ node }) => !isInput(node.layer.type)),
    inputs: layers.filter(({ node }) => isInput(node.layer.type)),
    outputs: shaped.outputs,
    outputConversions: shaped.outputs.map((name) =>
      layouts.get(name) === 'moved' ? convertLayout('spec') : undefined,
    ),
    unsupported,
  }
}

function findUsed({ nodes, outputs }: ShapedGraph) {
  const used = new Set(outputs)
  const applied = new Set<string>()
  for (const node of nodes.toReversed()) {
    if (isInput(node.layer.type)) used.add(node.name)
    if (!used.has(node.name)) continue
    for (const input of node.inputs) used.add(input)
    if (node.applies !== undefined) applied.add(node.applies)
  }
  return { used, applied }
}

/**
 * Whether only dense layers read a flattened image, maybe after layers that compute each value by itself. Its channels then
 * stay first, and the kernels of the dense layers have their rows in that order.
 */
function isOnlyForDense(node: ShapedNode, { nodes, outputs }: Pick<ShapedGraph, 'nodes' | 'outputs'>): boolean {
  if (!node.inputShapes[0]!.every(isKnown) || outputs.includes(node.name)) return false
  return nodes
    .filter(({ inputs }) => inputs.includes(node.name))
    .every((reader) => {
      const { name, applies } = reader
      if (applies !== undefined || nodes.some((one) => one.applies === name)) return false
      const role = roleOf(reader)
      return role === 'takes' || (role === 'passes' && isOnlyForDense(reader, { nodes, outputs }))
    })
}

function roleOf({ layer }: ShapedNode): ReturnType<NonNullable<LayerForm['flattened']>> {
  return lookUp(layerForms, layer.type).flattened?.(layer.options)
}

function rankOf(shape: Shape): number {
  return shape.length
}

/** The order of axes that a layer computes in. A layer that takes any keeps that of its inputs, if they agree. */
function layoutOf(node: ShapedNode, given: readonly Layout[], nodes: readonly ShapedNode[]): Layout {
  if (isInput(node.layer.type)) return rankOf(node.shape) > 1 && wantsMoved(node, nodes) ? 'moved' : 'spec'
  const wanted = layerForms[node.layer.type]!.wants(node.layer.options, node.inputShapes)
  if (wanted !== 'any') return rankOf(node.inputShapes[0]!) > 1 ? wanted : 'spec'
  const [first = 'spec'] = given
  return given.every((layout) => layout === first) ? first : 'spec'
}

/** Whether a layer after it takes its channels right after the batch. */
function wantsMoved({ name }: ShapedNode, nodes: readonly ShapedNode[]): boolean {
  return nodes.some((node) => {
    if (!node.inputs.includes(name)) return false
    const wanted = layerForms[node.layer.type]!.wants(node.layer.options, node.inputShapes)
    return wanted === 'any' ? wantsMoved(node, nodes) : wanted === 'moved'
  })
}

interface Placing {
  readonly layout: Layout
  readonly isMasked: boolean
  readonly isLogits: boolean
}

function stagesOf({ layer, inputShapes, shape }: ShapedNode, { layout, isMasked, isLogits }: Placing) {
  if (isInput(layer.type)) return []
  const form = lookUp(layerForms, layer.type)
  const isActivation = layerDef(layer.type).role === 'activation'
  if (isLogits && isActivation) return []
  const options = isLogits ? { ...layer.options, activation: 'linear' } : layer.options
  const { trainable } = layer
  const stages = form.stages({ options, inputs: inputShapes, output: shape, layout, trainable, isMasked })
  const penalty = (layer.options as { readonly activityRegularizer?: ChoiceValue }).activityRegularizer
  if ('reason' in stages || penalty === undefined) return stages
  if (isLogits) return { reason: '`activityRegularizer` is on the output of an activation that the loss applies' }
  return [...stages, { modules: [printPenalty(penalty)] }]
}

function printPenalty(value: ChoiceValue): string {
  const { l1, l2 } = rates(value)
  return printCall('ActivityPenalty', [], {
    l1: l1 === 0 ? undefined : printFloat(l1),
    l2: l2 === 0 ? undefined : printFloat(l2),
  })
}

/** The factors of a regularizer. */
export function rates(value: ChoiceValue): { readonly l1: number; readonly l2: number } {
  const { type, options } = readChoice(value)
  const stated = (key: string) => (type.includes(key) ? ((options[key] as number | undefined) ?? 0.01) : 0)
  return { l1: type === 'l2' ? 0 : stated('l1'), l2: type === 'l1' ? 0 : stated('l2') }
}

interface MaskFlow {
  readonly reads: readonly string[]
  readonly gives: readonly string[]
  readonly problem?: string
}

/** The layers that make the mask that a layer reads, and those of its output. */
function flowOfMask(
  node: ShapedNode,
  masks: ReadonlyMap<string, readonly string[]>,
  byName: ReadonlyMap<string, ShapedNode>,
): MaskFlow {
  const uses = lookUp(layerTable, node.layer.type).masks?.(node.layer.options) ?? {}
  const given = node.inputs.map((input) => masks.get(input) ?? [])
  const all = [...new Set(given.flat())]
  if (uses.makes === true) return { reads: [], gives: [node.name] }
  if (all.length === 0) return { reads: [], gives: [] }
  const isJoint = uses.joins !== undefined && (given.length > 1 || uses.joins === 'along the axis')
  if (uses.reads === 'pixels' || (uses.reads === 'steps' && all.some((maker) => maker.startsWith('?')))) {
    const from = all[0]!.replace('?', '')
    const problem = `\`${node.name}\`: it reads the mask of \`${from}\` through a layer that joins masks, or for each pixel`
    return { reads: [], gives: [], problem }
  }
  const reads = uses.reads === 'steps' ? all : []
  if (isJoint) {
    const axis = (node.layer.options as { readonly axis?: number }).axis
    const rank = byName.get(node.name)!.shape.length
    const isLast = uses.joins === 'along the axis' && (axis === -1 || axis === rank)
    return { reads, gives: isLast ? all : all.map((maker) => (maker.startsWith('?') ? maker : `?${maker}`)) }
  }
  return { reads, gives: uses.passes === true ? all : [] }
}

/** Formats the shape of a layer, and its order in PyTorch if that differs: `28x28x32 [32, 28, 28]`. */
export function describeShape(shape: Shape, layout: Layout): string {
  const text = formatShape(shape)
  if (layout === 'spec' || shape.length < 2) return text
  const moved = [shape.at(-1)!, ...shape.slice(0, -1)]
  return `${text} [${moved.map((dim) => formatShape([dim])).join(', ')}]`
}

/** The activation that a layer applies last. */
export function lastActivation(node: ShapedNode): string | undefined {
  return activationOf(node)?.activation
}
