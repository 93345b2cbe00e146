/**
 * Follows masks, the flags of steps to skip, as TensorFlow.js passes them on. It keeps the last mask in the arguments of all
 * layer calls (tfjs-layers, executor.js, `execute`), so a later layer may get the mask of another sequence, and it passes
 * masks to layers that cannot read them. Both throw during the run, or silently give wrong results.
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
  /** The layer that changed it to a shape that does not match its sequence. */
  readonly reshapedBy?: ShapedNode
  /** The layer that created a mask for learned values without one, which has no gradient. */
  readonly filledBy?: ShapedNode
}

export const lostMasks = defineRule({
  codes: ['engine/mask-misread', 'meaning/unread-mask'],
  check(network) {
    const { spec, shaped, byName } = network
    if (!shaped.complete || !shaped.nodes.some((node) => usesOf(node).makes)) return []
    const found: Finding[] = []
    const masks = new Map<string, Mask | undefined>()
    const accounted = new Set<ShapedNode>()
    const trained: ReadonlySet<string> = spec.loss ? findTrained(shaped) : new Set()
    /** The mask that the engine would pass to the next layer. */
    let current: Mask | undefined
    const orderedNodes = executionOrder(shaped, byName)
    for (const node of orderedNodes) {
      const own = node.inputs.map((input) => masks.get(input))
      const isMasked = own.some((mask) => mask !== undefined)
      if (isMasked) current = own[0]
      const uses = usesOf(node)
      const why = whyMisread(node, uses, own, current)
      const blamed = why === undefined ? undefined : (current ?? own.find((mask) => mask !== undefined))
      if (why !== undefined && blamed !== undefined) found.push(misreadMask(node, blamed.maker, why, network))
      if (uses.reads && current) accounted.add(current.maker)
      if (blamed) for (const mask of [blamed, ...own]) if (mask) accounted.add(mask.maker)
      masks.set(node.name, outputMask(node, uses, own, trained))
    }
    const unread = orderedNodes.filter((node) => usesOf(node).makes && !accounted.has(node))
    return [...found, ...unread.map((node) => unreadMask(node, network))]
  },
})

function usesOf({ layer }: ShapedNode): MaskUse {
  return layerDef(layer.type).masks?.(layer.options) ?? {}
}

/** Describes why a layer cannot run with the mask that it would get, or cannot join the masks of its inputs. */
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
    return `TensorFlow.js passes it ${marks}, which belongs to another sequence: a mask is passed to every later layer`
  if (reads === 'values')
    return `TensorFlow.js passes it ${marks}, which has one flag per step where this layer reads one per value`
  if (current.reshapedBy)
    return `\`${current.reshapedBy.name}\` changes ${marks} to a shape that does not match the steps`
  if (current.filledBy)
    return `\`${current.filledBy.name}\` joins ${marks} with learned values without a mask, for which TensorFlow.js has no gradient`
  const wanted = reads === 'steps' ? node.inputShapes[0]!.slice(0, 1) : node.inputShapes[0]!.slice(0, -1)
  if (!sameShape(current.shape, wanted))
    return `${marks} is ${formatShape(current.shape)}, but the layer needs ${formatShape(wanted)}`
  const image = node.shape.slice(node.shape.length - 3, -1)
  if (reads === 'pixels' && !sameShape(image, wanted.slice(1)))
    return `${marks} covers ${formatShape(wanted.slice(1))} pixels, but the state of the layer has ${formatShape(image)}`
  return undefined
}

function whyNotJoined(
  node: ShapedNode,
  joins: NonNullable<MaskUse['joins']>,
  own: readonly (Mask | undefined)[],
): string | undefined {
  if (joins === 'stretched') {
    // The engine ignores the last mask (tfjs-layers, merge.js, `computeMask`).
    const [first, ...others] = own.slice(0, Math.max(1, own.length - 1))
    if (others.length === 0) return undefined
    if ([first, ...others].some((mask) => mask === undefined)) return 'some of its inputs have a mask and some do not'
    const { shape } = first!
    const unlike = others.find((mask) => mask!.shape.length !== shape.length || !broadcast(mask!.shape, shape))
    return unlike && `the mask of \`${unlike.maker.name}\` covers different axes than that of \`${first!.maker.name}\``
  }
  const reshaped = own.find((mask) => mask?.reshapedBy !== undefined)
  if (reshaped)
    return `\`${reshaped.reshapedBy!.name}\` changes the mask of \`${reshaped.maker.name}\` to a shape that does not match the steps`
  const axis = node.layer.options['axis'] as number
  const isAlongLast = axis === -1 || axis === node.shape.length
  const isMixed = own.some((mask) => mask === undefined)
  if (isMixed && !isAlongLast) return 'some of its inputs have a mask and some do not'
  const isSequence = own.every((mask) => mask === undefined || mask.shape.length === node.shape.length - 1)
  return isSequence ? undefined : 'one of its masks does not have one flag per vector of the inputs'
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
  if (uses.joins === 'stretched') return own[0] && { ...own[0], reshapedBy: node }
  return uses.passes ? own[0] : undefined
}

function misreadMask(node: ShapedNode, maker: ShapedNode, why: string, { source }: CheckedNetwork): Finding {
  const activation = usesOf(node).activationInstead
  return {
    code: 'engine/mask-misread',
    path: node.layer.path,
    message: `\`${node.name}\` cannot run: ${why}`,
    atKey: true,
    related: [{ message: 'the mask is created here', span: source.locateKey(maker.layer.path) }],
    help: activation
      ? `use \`activation: ${activation}\` in the preceding layer, which reads no mask`
      : `remove the mask, or read it in one recurrent layer directly after \`${maker.name}\``,
    fixes: activation
      ? toFix({ kind: 'replaceBy', layer: { activation: { activation } } }, node.layer, source)
      : toFix({ kind: 'remove', option: 'maskZero' }, maker.layer, source),
  }
}

function unreadMask(node: ShapedNode, { source }: CheckedNetwork): Finding {
  const message = `no layer reads the mask of \`${node.name}\`, so masked steps are not skipped`
  return {
    code: 'meaning/unread-mask',
    path: node.layer.path,
    message,
    atKey: true,
    help: 'recurrent layers read masks; `dense`, `dropout`, activations and normalization pass them on; all other layers drop them',
    fixes: toFix({ kind: 'remove', option: 'maskZero' }, node.layer, source),
  }
}
