/** Determines the activation function that a layer applies to its output. */
import { layerDef } from '../parts/layers/table.ts'
import type { ShapedNode } from '../graph/shapes.ts'

export interface NodeActivation {
  readonly node: ShapedNode
  readonly activation: string
  /** Whether it differs from the default; recurrent layers have an activation by default. */
  readonly chosen: boolean
}

/** Returns undefined for layers without an activation, such as merges and poolings. */
export function activationOf(node: ShapedNode): NodeActivation | undefined {
  const definition = layerDef(node.layer.type)
  const own = definition.activation?.(node.layer.options, node.shape)
  if (own !== undefined) return { node, activation: own, chosen: true }
  const activation = node.layer.options['activation']
  if (typeof activation !== 'string') return undefined
  const field = definition.schema.properties['activation'] as { readonly default?: unknown } | undefined
  return { node, activation, chosen: activation !== field?.default }
}
