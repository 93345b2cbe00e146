/** Finds the layers that a merge without `inputs` probably takes. */
import { once } from '../system/once.ts'
import type { Graph, GraphNode } from './graph.ts'

/** Returns the layers before a merge that it may take besides its own input; at most two. */
export type UnconsumedLayers = (merge: GraphNode) => readonly string[]

/** The candidates are the layers whose output is not used or, if all are used, the layers with an explicit name that is not used. */
export function findUnconsumedLayers({ nodes, outputs }: Graph): UnconsumedLayers {
  const find = once(() => {
    const taken = new Set([...outputs, ...nodes.flatMap(({ inputs }) => inputs)])
    const used = new Set([...outputs, ...nodes.flatMap(({ item, applies }) => [...(item.inputs ?? []), applies])])
    const untaken = nodes.filter(({ name, implied }) => !implied && !taken.has(name))
    const unused = nodes.filter(({ name, item, implied }) => !implied && item.name !== undefined && !used.has(name))
    return {
      order: new Map(nodes.map(({ name }, index) => [name, index])),
      candidates: [untaken, unused].map((list) => list.map(({ name }) => name)),
    }
  })
  return (merge) => {
    const { order, candidates } = find()
    const end = order.get(merge.name)!
    for (const names of candidates) {
      // In the order of the graph. One of the first three may be the merge's own input, so three decide between one and more.
      const before = names.slice(0, 3).filter((name) => name !== merge.inputs[0] && order.get(name)! < end)
      if (before.length > 0) return before.slice(0, 2)
    }
    return []
  }
}
