/**
 * Computes the receptive field of the positions that a global pooling averages: r ← r + (span - 1) · jump and
 * jump ← jump · stride from layer to layer (Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural
 * Networks", 2019).
 */
import { formatDim, isKnown, sameShape, type Shape } from '../language/dims.ts'
import { layerDef } from '../parts/layers/table.ts'
import { pointReceptiveFields } from '../parts/layers/window.ts'
import type { ShapedNode } from '../graph/shapes.ts'
import { defineRule } from './defineRule.ts'
import { readersOf } from './checkedNetwork.ts'

/** The receptive field along one axis of an image. */
interface Field {
  readonly size: number
  readonly jump: number
}

interface Fields {
  readonly axes: readonly Field[]
  /** The sizes of the image. */
  readonly of: Shape
}

export const receptiveField = defineRule({
  codes: ['meaning/receptive-field'],
  check({ shaped }) {
    const poolings = shaped.nodes.filter(({ layer }) => layerDef(layer.type).poolsImage === true)
    // Skip networks without weights: they compute a statistic and need no receptive field.
    if (poolings.length === 0 || shaped.nodes.every(({ params }) => params === 0)) return []
    const readers = readersOf(shaped)
    const fields = new Map<string, Fields | undefined>()
    for (const node of shaped.nodes) fields.set(node.name, fieldsOf(node, fields))
    return poolings.flatMap((node) => {
      const seen = fields.get(node.inputs[0]!)
      if (seen === undefined || !isClassifier(node, readers)) return []
      const isNarrow = seen.axes.some(({ size }, axis) => isKnown(seen.of[axis]!) && size < seen.of[axis] / 2)
      if (!isNarrow) return []
      const positions = node.inputShapes[0]!.slice(0, 2).map(formatDim).join('x')
      const part = seen.axes.map(({ size }) => Math.round(size)).join('x')
      const message = `each of the ${positions} positions that \`${node.name}\` pools covers only ${part} of the ${seen.of.map(formatDim).join('x')} image, so larger structures are never seen`
      return {
        path: node.layer.path,
        message,
        atKey: true,
        help: 'widen the receptive field: each layer adds (kernel - 1) · the product of all strides before it',
      }
    })
  },
})

/** Whether the outputs after the pooling depend on nothing else. In squeeze and excitation, a multiplication combines it with the image. */
function isClassifier(pooling: ShapedNode, readers: ReadonlyMap<string, readonly ShapedNode[]>): boolean {
  const next = [pooling]
  for (let node = next.pop(); node; node = next.pop()) {
    const reached = readers.get(node.name) ?? []
    if (reached.some(({ inputs }) => inputs.length > 1)) return false
    for (const reader of reached) next.push(reader)
  }
  return true
}

function fieldsOf(node: ShapedNode, known: ReadonlyMap<string, Fields | undefined>): Fields | undefined {
  if (node.layer.options['dataFormat'] === 'channelsFirst' || node.shape.length !== 3) return undefined
  if (node.inputs.length === 0) return { axes: [beginning, beginning], of: node.shape.slice(0, 2) }
  const inputs = node.inputs.map((input) => known.get(input))
  const [first, ...others] = inputs
  if (first === undefined) return undefined
  if (others.length > 0) return joinFields(first, others)
  const definition = layerDef(node.layer.type)
  const isPointwise = definition.role === 'activation' || definition.role === 'noise'
  const windows = isPointwise ? pointReceptiveFields : definition.receptiveFields?.(node.layer.options)
  if (windows === undefined || windows.length !== 2) return undefined
  const axes = first.axes.map(({ size, jump }, axis) => ({
    size: size + (windows[axis]!.span - 1) * jump,
    jump: jump * windows[axis]!.stride,
  }))
  return { ...first, axes }
}

const beginning: Field = { size: 1, jump: 1 }

/** Joins the fields of several branches of one image: the wider field along each axis. */
function joinFields(first: Fields, others: readonly (Fields | undefined)[]): Fields | undefined {
  let joined: Fields | undefined = first
  for (const other of others) {
    if (other === undefined || joined === undefined || !sameShape(other.of, joined.of)) return undefined
    const one: Fields = joined
    joined = {
      ...one,
      axes: one.axes.map(({ size, jump }, axis) => ({
        size: Math.max(size, other.axes[axis]!.size),
        jump,
      })),
    }
  }
  return joined
}
