/** Which activation function a layer's output has been through. */
import { layerDef } from '../parts/layers/table.ts'
import type { ShapedNode } from '../graph/shapes.ts'

export interface NodeActivation {
  readonly node: ShapedNode
  readonly activation: string
  /** Whether the spec chose it: recurrent layers have one by default. */
  readonly chosen: boolean
}

/** Undefined for layers that have none: merges and poolings, for example. */
export function activationOf(node: ShapedNode): NodeActivation | undefined {
  const definition = layerDef(node.layer.type)
  const own = definition.activation?.(node.layer.options, node.shape)
  if (own !== undefined) return { node, activation: own, chosen: true }
  const activation = node.layer.options['activation']
  if (typeof activation !== 'string') return undefined
  const field = definition.schema.properties['activation'] as { readonly default?: unknown } | undefined
  return { node, activation, chosen: activation !== field?.default }
}
