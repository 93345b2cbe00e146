/** The resolved graph: every layer named, every input an edge, in an order in which each stands behind what feeds it. */
import type { LayerSpec } from '../validation/spec.ts'

export interface GraphNode {
  readonly name: string
  /** The item of the spec that states this node. */
  readonly item: LayerSpec
  /** The layer that computes it: that of the item, or another one that the item applies once more. */
  readonly layer: LayerSpec
  /** The node whose layer, and so whose weights, this one has, too: it stands before. */
  readonly applies?: string
  /** Names of other nodes; one that no node has was reported. */
  readonly inputs: readonly string[]
  /** The input that the spec leaves out because the dataset, or `input`, gives its shape. */
  readonly implied: boolean
}

export interface Graph {
  /** In topological order, which is that of the spec wherever that is one; but for circles, which were reported. */
  readonly nodes: readonly GraphNode[]
  readonly outputs: readonly string[]
}
