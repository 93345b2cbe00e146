/** What a merge most likely means that says nothing of its inputs. */
import type { Graph, GraphNode } from './graph.ts'

/** The layers before a merge that wait for somebody to take them, besides its own input; no more than two are told. */
export type AwaitingLayers = (merge: GraphNode) => readonly string[]

/** Layers wait that nobody takes; else those that their author gave a name, which nobody uses. */
export function findAwaitingLayers({ nodes, outputs }: Graph): AwaitingLayers {
  let found: { readonly order: ReadonlyMap<string, number>; readonly candidates: readonly string[][] } | undefined
  const find = () => {
    const taken = new Set([...outputs, ...nodes.flatMap(({ inputs }) => inputs)])
    const used = new Set([...outputs, ...nodes.flatMap(({ item, applies }) => [...(item.inputs ?? []), applies])])
    const untaken = nodes.filter(({ name, implied }) => !implied && !taken.has(name))
    const unused = nodes.filter(({ name, item, implied }) => !implied && item.name !== undefined && !used.has(name))
    return {
      order: new Map(nodes.map(({ name }, index) => [name, index])),
      candidates: [untaken, unused].map((list) => list.map(({ name }) => name)),
    }
  }
  return (merge) => {
    found ??= find()
    const { order, candidates } = found
    const end = order.get(merge.name)!
    for (const names of candidates) {
      // In the order of the graph: the first three tell whether there is one, two or more.
      const before = names.slice(0, 3).filter((name) => name !== merge.inputs[0] && order.get(name)! < end)
      if (before.length > 0) return before.slice(0, 2)
    }
    return []
  }
}
