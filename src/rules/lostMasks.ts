/**
 * Masks, the marks of steps to be skipped, as TensorFlow.js hands them on. It keeps the last one in the arguments that
 * all layers are called with (tfjs-layers, executor.js, `execute`), so that a layer behind may be given the mask of another
 * sequence, and it gives marks to layers that cannot read them. Both throw in the run, or are wrong without a word.
 */
import { formatShape, sameShape, type Shape } from '../language/dims.ts'
import type { MaskUse } from '../language/layerDef.ts'
import { broadcast } from '../parts/layers/merge.ts'
import { layerDef } from '../parts/layers/table.ts'
import { toFix, type ShapedNode } from '../graph/shapes.ts'
import { findTrained } from '../graph/trainability.ts'
import { defineRule, type Finding } from './defineRule.ts'
import { executionOrder } from './executionOrder.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

interface Mask {
  readonly maker: ShapedNode
  readonly shape: Shape
  /** The layer that gave it another shape than that of its sequence. */
  readonly bentBy?: ShapedNode
  /** The layer that made marks of learned values which had none: without a gradient. */
  readonly filledBy?: ShapedNode
}

export const lostMasks = defineRule({
  codes: ['engine/mask-misread', 'meaning/unread-mask'],
  check(network) {
    const { spec, shaped, byName } = network
    if (!shaped.complete || !shaped.nodes.some((node) => usesOf(node).makes)) return []
    const found: Finding[] = []
    const masks = new Map<string, Mask | undefined>()
    const settled = new Set<ShapedNode>()
    const trained: ReadonlySet<string> = spec.loss ? findTrained(shaped) : new Set()
    /** What the engine would give to a layer that reads a mask. */
    let current: Mask | undefined
    const orderedNodes = executionOrder(shaped, byName)
    for (const node of orderedNodes) {
      const own = node.inputs.map((input) => masks.get(input))
      const isMasked = own.some((mask) => mask !== undefined)
      if (isMasked) current = own[0]
      const uses = usesOf(node)
      const why = whyMisread(node, uses, own, current)
      const blamed = why === undefined ? undefined : (current ?? own.find((mask) => mask !== undefined))
      if (why !== undefined && blamed !== undefined) found.push(tell(node, blamed.maker, why, network))
      if (uses.reads && current) settled.add(current.maker)
      if (blamed) for (const mask of [blamed, ...own]) if (mask) settled.add(mask.maker)
      masks.set(node.name, outputMask(node, uses, own, trained))
    }
    const unread = orderedNodes.filter((node) => usesOf(node).makes && !settled.has(node))
    return [...found, ...unread.map((node) => tellUnread(node, network))]
  },
})

function usesOf({ layer }: ShapedNode): MaskUse {
  return layerDef(layer.type).masks?.(layer.options) ?? {}
}

/** Why a layer cannot be run with the mask that it would be given, or its inputs' masks not be joined. */
function whyMisread(
  node: ShapedNode,
  { reads, joins }: MaskUse,
  own: readonly (Mask | undefined)[],
  current: Mask | undefined,
): string | undefined {
  if (joins !== undefined && own.some((mask) => mask !== undefined)) return whyNotJoined(node, joins, own)
  if (reads === undefined || current === undefined) return undefined
  const marks = `the mask of \`${current.maker.name}\``
  if (own[0] === undefined)
    return `TensorFlow.js gives it ${marks}, which is of another sequence: it hands a mask on to every layer behind`
  if (reads === 'unlike') return `TensorFlow.js gives it ${marks}, one mark a step, which it takes for one a value`
  if (current.bentBy) return `\`${current.bentBy.name}\` gives ${marks} another shape than that of the steps`
  if (current.filledBy)
    return `\`${current.filledBy.name}\` joins ${marks} with learned values that have none, and TensorFlow.js has no gradient of that`
  const wanted = reads === 'steps' ? node.inputShapes[0]!.slice(0, 1) : node.inputShapes[0]!.slice(0, -1)
  if (!sameShape(current.shape, wanted))
    return `${marks} is ${formatShape(current.shape)}, and it reads ${formatShape(wanted)}`
  const image = node.shape.slice(node.shape.length - 3, -1)
  if (reads === 'pixels' && !sameShape(image, wanted.slice(1)))
    return `${marks} marks ${formatShape(wanted.slice(1))} pixels, and its state has ${formatShape(image)}`
  return undefined
}

function whyNotJoined(
  node: ShapedNode,
  joins: NonNullable<MaskUse['joins']>,
  own: readonly (Mask | undefined)[],
): string | undefined {
  if (joins === 'stretched') {
    // The engine leaves out the last (tfjs-layers, merge.js, `computeMask`).
    const [first, ...others] = own.slice(0, Math.max(1, own.length - 1))
    if (others.length === 0) return undefined
    if ([first, ...others].some((mask) => mask === undefined))
      return 'of its inputs some have a mask and some have none'
    const { shape } = first!
    const unlike = others.find((mask) => mask!.shape.length !== shape.length || !broadcast(mask!.shape, shape))
    return unlike && `the mask of \`${unlike.maker.name}\` marks other axes than that of \`${first!.maker.name}\``
  }
  const bent = own.find((mask) => mask?.bentBy !== undefined)
  if (bent)
    return `\`${bent.bentBy!.name}\` gives the mask of \`${bent.maker.name}\` another shape than that of the steps`
  const axis = node.layer.options['axis'] as number
  const isAlongLast = axis === -1 || axis === node.shape.length
  const isMixed = own.some((mask) => mask === undefined)
  if (isMixed && !isAlongLast) return 'of its inputs some have a mask and some have none'
  const isSequence = own.every((mask) => mask === undefined || mask.shape.length === node.shape.length - 1)
  return isSequence ? undefined : 'a mask has not one mark for each vector of its inputs'
}

function outputMask(
  node: ShapedNode,
  uses: MaskUse,
  own: readonly (Mask | undefined)[],
  trained: ReadonlySet<string>,
): Mask | undefined {
  if (uses.makes) return { maker: node, shape: node.shape.slice(0, -1) }
  if (uses.joins === 'along the axis') {
    const first = own.find((mask) => mask !== undefined)
    const fills = node.inputs.some((input, index) => own[index] === undefined && trained.has(input))
    return first && { maker: first.maker, shape: node.shape.slice(0, -1), ...(fills && { filledBy: node }) }
  }
  if (uses.joins === 'stretched') return own[0] && { ...own[0], bentBy: node }
  return uses.passes ? own[0] : undefined
}

function tell(node: ShapedNode, maker: ShapedNode, why: string, { source }: CheckedNetwork): Finding {
  const activation = usesOf(node).activationInstead
  return {
    code: 'engine/mask-misread',
    path: node.layer.path,
    message: `\`${node.name}\` cannot be run: ${why}`,
    atKey: true,
    related: [{ message: 'the mask is made here', span: source.locateKey(maker.layer.path) }],
    help: activation
      ? `\`activation: ${activation}\` in the layer before it reads no mask`
      : `do without the mask, or read it in one recurrent layer directly behind \`${maker.name}\``,
    fixes: activation
      ? toFix({ kind: 'replaceBy', layer: { activation: { activation } } }, node.layer, source)
      : toFix({ kind: 'remove', option: 'maskZero' }, maker.layer, source),
  }
}

function tellUnread(node: ShapedNode, { source }: CheckedNetwork): Finding {
  const message = `no layer reads the mask of \`${node.name}\`: the steps that it marks are not skipped`
  return {
    code: 'meaning/unread-mask',
    path: node.layer.path,
    message,
    atKey: true,
    help: 'recurrent layers read masks, and `dense`, `dropout`, activations and normalization pass them on; all others lose them',
    fixes: toFix({ kind: 'remove', option: 'maskZero' }, node.layer, source),
  }
}
