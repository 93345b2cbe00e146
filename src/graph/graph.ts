/** The resolved graph: every layer has a name, every input is an edge, and each layer comes after its inputs. */
import type { LayerSpec } from '../validation/spec.ts'

export interface GraphNode {
  readonly name: string
  /** The item of the spec that defines this node. */
  readonly item: LayerSpec
  /** The layer that computes it: the layer of the item, or the layer that the item applies again. */
  readonly layer: LayerSpec
  /** The earlier node whose layer this one applies again, sharing its weights. */
  readonly applies?: string
  /** Names of other nodes. Names that do not exist have been reported. */
  readonly inputs: readonly string[]
  /** Whether it is the input that the spec omits because the dataset, or `input`, gives its shape. */
  readonly implied: boolean
}

export interface Graph {
  /** In topological order, which is the order of the spec if that is topological; except for cycles, which have been reported. */
  readonly nodes: readonly GraphNode[]
  readonly outputs: readonly string[]
}
