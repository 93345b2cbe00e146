/** In what checker and engine differ, and on which layer of which network. */
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

/** What tells a fault of the engine from a mistake of the checker. */
export interface Evidence {
  /** What the checker said, where it refused. */
  readonly code?: string
  /** The option that the checker refused. */
  readonly option?: string
  /** What the engine answers with the refused option is, value by value, what it answers without. */
  readonly ignoresOption?: boolean
  /** The shape that the engine states when it is built; null is open. */
  readonly stated?: readonly (number | null)[]
  /** The shape that comes out of its run. */
  readonly given?: readonly number[]
  /** With all sizes given that the spec leaves open, checker and engine agree. */
  readonly onlyWhileOpen?: boolean
}

export interface Difference extends Evidence {
  readonly kind: DifferenceKind
  readonly message: string
  /** The type of the layer, where one is to blame. */
  readonly type: string
  readonly options: Readonly<Record<string, unknown>>
  readonly inputShapes: readonly Shape[]
  /** The types of the layer and of all before it, and the keys of their options. */
  readonly upstream: ReadonlySet<string>
  /** Those of all layers: where a whole run fails, the layer that is told may be another one than that which threw. */
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

/** The keys of what a layer holds: the types of layers among them. */
function wordsIn(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, item]) => (item === false ? [] : [key, ...wordsIn(item)]))
}

/** What feeds a node, from the inputs on. */
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
