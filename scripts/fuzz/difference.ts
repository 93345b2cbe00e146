/** Differences between checker and engine, with their layers and networks. */
import type { GraphNode } from '../../src/graph/graph.ts'
import type { ShapedNode } from '../../src/graph/shapes.ts'
import type { Shape } from '../../src/language/dims.ts'

export type DifferenceKind =
  | 'engine-refuses'
  | 'engine-accepts'
  | 'output-shape'
  | 'weight-shapes'
  | 'parameters'
  | 'expectation'
  | 'run-refuses'
  | 'run-shape'
  | 'training-refuses'
  | 'checker-fails'
  | 'process-ends'

/** Facts that distinguish a fault of the engine from a mistake of the checker. */
export interface Evidence {
  /** The code of the diagnostic, if the checker refused the layer. */
  readonly code?: string
  /** The option that the checker refused. */
  readonly option?: string
  /** Whether the engine's outputs with the refused option equal those without it. */
  readonly ignoresOption?: boolean
  /** The shape that the engine states when the network is built; null is an open size. */
  readonly stated?: readonly (number | null)[]
  /** The shape of the output when the network runs. */
  readonly given?: readonly number[]
  /** Whether checker and engine agree once all open sizes of the spec are filled in. */
  readonly onlyWhileOpen?: boolean
}

export interface Difference extends Evidence {
  readonly kind: DifferenceKind
  readonly message: string
  /** The type of the layer that causes the difference, if it is one layer. */
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly inputShapes: readonly Shape[]
  /** The types of the layer and of all before it, and the keys of their options. */
  readonly upstream: ReadonlySet<string>
  /** The same words of all layers: if a whole run fails, the reported layer may differ from the one that threw. */
  readonly network: ReadonlySet<string>
}

export class Blame {
  private readonly byName: ReadonlyMap<string, ShapedNode>

  constructor(nodes: readonly ShapedNode[]) {
    this.byName = new Map(nodes.map((node) => [node.name, node]))
  }

  on(kind: DifferenceKind, node: ShapedNode, message: string, evidence: Evidence = {}): Difference {
    const { type, options } = node.layer
    const upstream = wordsOf([...ancestorsOf(node, this.byName), node])
    return {
      kind,
      message,
      type,
      options,
      inputShapes: node.inputShapes,
      upstream,
      network: wordsOf([...this.byName.values()]),
      ...evidence,
    }
  }
}

function wordsOf(nodes: readonly ShapedNode[]): ReadonlySet<string> {
  return new Set(nodes.flatMap(({ layer }) => [layer.type, ...wordsIn(layer.options)]))
}

/** Returns the keys in the options of a layer, including the types of wrapped layers. */
function wordsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => (item === false ? [] : [key, ...wordsIn(item)]))
}

/** Returns the nodes on which a node depends, starting with inputs. */
export function ancestorsOf(node: GraphNode, byName: ReadonlyMap<string, ShapedNode>): ShapedNode[] {
  const needed = new Set<string>()
  const open = [...node.inputs]
  while (open.length > 0) {
    const name = open.pop()!
    if (needed.has(name)) continue
    needed.add(name)
    open.push(...byName.get(name)!.inputs)
  }
  return [...byName.values()].filter(({ name }) => needed.has(name))
}

export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200)
}
