/** An order in which each layer stands behind what it needs; that of the spec wherever it is one. */
import type { RelatedPlace } from '../diagnostics/diagnostic.ts'
import type { GraphNode } from './graph.ts'
import type { GraphContext } from './graphContext.ts'

/** What must be there before a node: its inputs, and the layer that it applies once more. */
function needsOf({ inputs, applies }: GraphNode): readonly string[] {
  return applies === undefined ? inputs : [applies, ...inputs]
}

/** By depth-first search. Circles are reported; what lies on one stays, behind an input that comes later. */
export function orderNodes(nodes: readonly GraphNode[], context: GraphContext): readonly GraphNode[] {
  if (isOrdered(nodes)) return nodes
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const done = new Set<string>()
  const ordered: GraphNode[] = []
  /** The nodes that wait for each other, each for the next; and where in the stack each is. */
  const stack: { node: GraphNode; needs: readonly string[]; next: number }[] = []
  const waiting = new Map<string, number>()
  const reported = new Set<string>()
  const enter = (node: GraphNode): void => {
    waiting.set(node.name, stack.length)
    stack.push({ node, needs: needsOf(node), next: 0 })
  }
  for (const root of nodes) {
    if (!done.has(root.name)) enter(root)
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const need = top.needs[top.next]
      top.next += 1
      if (need === undefined) {
        stack.pop()
        waiting.delete(top.node.name)
        done.add(top.node.name)
        ordered.push(top.node)
      } else if (waiting.has(need)) {
        const circle = reported.has(need) ? [] : stack.slice(waiting.get(need)).map(({ node }) => node)
        if (circle.length > 0 && !circle.some(({ name }) => reported.has(name))) reportCircle(circle, context)
        for (const { name } of circle) reported.add(name)
      } else if (!done.has(need) && byName.has(need)) enter(byName.get(need)!)
    }
  }
  return ordered
}

/** True for nearly every spec: each layer stands below what it needs. */
function isOrdered(nodes: readonly GraphNode[]): boolean {
  const seen = new Set<string>()
  return nodes.every((node) => {
    const ready = needsOf(node).every((name) => seen.has(name))
    seen.add(node.name)
    return ready
  })
}

const longestCircle = 8

/** @param circle Each needs the next, the last the first. */
function reportCircle(circle: readonly GraphNode[], context: GraphContext): void {
  const { source } = context
  const forward = circle.toReversed()
  const names = [...forward, forward[0]!].map(({ name }) => name)
  const shown = names.length > longestCircle ? [...names.slice(0, longestCircle - 2), '…', names.at(-1)!] : names
  const last = circle.at(-1)!
  const related = circle
    .slice(0, -1)
    .slice(0, longestCircle)
    .map((node, index): RelatedPlace => {
      const need = circle[index + 1]!.name
      const path = needPath(node, need, context)
      const isWritten = source.pairAt(path) !== undefined
      const verb = node.inputs.includes(need) ? 'takes' : 'applies'
      return {
        message: `\`${node.name}\` ${verb} \`${need}\`${verb === 'takes' && !isWritten ? ', the layer above it' : ''}`,
        span: isWritten ? source.locateValue(path) : source.locateKey(node.item.path),
      }
    })
  const path = needPath(last, circle[0]!.name, context)
  const isWritten = source.pairAt(path) !== undefined
  const sharesOnly = circle.some(({ name, inputs, applies }, index) => {
    const need = circle[(index + 1) % circle.length]!.name
    return applies === need && !inputs.includes(need) && name !== need
  })
  context.report(
    'graph/cycle',
    isWritten ? path : last.item.path,
    `${circle.length === 1 ? 'this layer takes its own output' : 'these layers depend on each other in a cycle'}: ${shown.join(' → ')}`,
    {
      help: sharesOnly
        ? 'the layer itself must be applied first: give it the first of its inputs, and use `apply` for the others'
        : 'a layer can only use layers that are computed before it',
      related,
      atKey: !isWritten,
    },
  )
}

/** Where a node says that it needs another. */
function needPath({ item, inputs, applies }: GraphNode, need: string, { source }: GraphContext) {
  if (!inputs.includes(need) && applies === need) return [...item.path, 'layer']
  const path = [...item.path, 'inputs']
  const place = [...path, item.inputs?.indexOf(need) ?? 0]
  return source.pairAt(place) === undefined ? path : place
}
