/** Computes the order in which TensorFlow.js runs the layers of a network. */
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'

/**
 * Walks from the outputs backwards and visits the last input of a layer first, as in tfjs-layers, executor.js,
 * `getTopologicalSortAndRecipientCounts`. Layers that no output needs are not run.
 */
export function executionOrder(
  { outputs }: ShapedGraph,
  byName: ReadonlyMap<string, ShapedNode>,
): readonly ShapedNode[] {
  const done = new Set<ShapedNode>()
  const opened = new Set<ShapedNode>()
  for (const output of outputs) {
    const stack = [byName.get(output)]
    for (let node = stack.at(-1); stack.length > 0; node = stack.at(-1)) {
      if (node === undefined || done.has(node)) stack.pop()
      else if (opened.has(node)) {
        stack.pop()
        done.add(node)
      } else {
        opened.add(node)
        for (const input of node.inputs) stack.push(byName.get(input))
      }
    }
  }
  return [...done]
}
