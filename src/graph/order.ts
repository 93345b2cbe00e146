/** Orders layers topologically. Keeps the order of the spec if it is already topological. */
import type { RelatedPlace } from '../diagnostics/diagnostic.ts'
import type { GraphNode } from './graph.ts'
import type { GraphContext } from './graphContext.ts'

/** The nodes that must come before a node: its inputs, and the node whose layer it applies again. */
function needsOf({ inputs, applies }: GraphNode): readonly string[] {
  return applies === undefined ? inputs : [applies, ...inputs]
}

/** Sorts nodes by depth-first search. Reports cycles, and keeps their nodes, some of which then precede one of their inputs. */
export function orderNodes(nodes: readonly GraphNode[], context: GraphContext): readonly GraphNode[] {
  if (isOrdered(nodes)) return nodes
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const done = new Set<string>()
  const ordered: GraphNode[] = []
  /** The chain of nodes in progress, each of which needs the next. `waiting` holds the place of each in it. */
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
        const cycle = reported.has(need) ? [] : stack.slice(waiting.get(need)).map(({ node }) => node)
        if (cycle.length > 0 && !cycle.some(({ name }) => reported.has(name))) reportCycle(cycle, context)
        for (const { name } of cycle) reported.add(name)
      } else if (!done.has(need) && byName.has(need)) enter(byName.get(need)!)
    }
  }
  return ordered
}

/** Whether each layer follows everything that it needs, as in nearly every spec. */
function isOrdered(nodes: readonly GraphNode[]): boolean {
  const seen = new Set<string>()
  return nodes.every((node) => {
    const ready = needsOf(node).every((name) => seen.has(name))
    seen.add(node.name)
    return ready
  })
}

const longestCycle = 8

/** @param cycle The nodes of the cycle: each needs the next, and the last needs the first. */
function reportCycle(cycle: readonly GraphNode[], context: GraphContext): void {
  const { source } = context
  const forward = cycle.toReversed()
  const names = [...forward, forward[0]!].map(({ name }) => name)
  const shown = names.length > longestCycle ? [...names.slice(0, longestCycle - 2), '…', names.at(-1)!] : names
  const last = cycle.at(-1)!
  const related = cycle
    .slice(0, -1)
    .slice(0, longestCycle)
    .map((node, index): RelatedPlace => {
      const need = cycle[index + 1]!.name
      const path = needPath(node, need, context)
      const isWritten = source.pairAt(path) !== undefined
      const verb = node.inputs.includes(need) ? 'takes' : 'applies'
      return {
        message: `\`${node.name}\` ${verb} \`${need}\`${verb === 'takes' && !isWritten ? ', the layer above it' : ''}`,
        span: isWritten ? source.locateValue(path) : source.locateKey(node.item.path),
      }
    })
  const path = needPath(last, cycle[0]!.name, context)
  const isWritten = source.pairAt(path) !== undefined
  const sharesOnly = cycle.some(({ name, inputs, applies }, index) => {
    const need = cycle[(index + 1) % cycle.length]!.name
    return applies === need && !inputs.includes(need) && name !== need
  })
  context.report(
    'graph/cycle',
    isWritten ? path : last.item.path,
    `${cycle.length === 1 ? 'this layer takes its own output' : 'these layers depend on each other in a cycle'}: ${shown.join(' → ')}`,
    {
      help: sharesOnly
        ? 'the layer itself must be applied first: give it the first of its inputs, and use `apply` for the others'
        : 'a layer can only use layers that are computed before it',
      related,
      atKey: !isWritten,
    },
  )
}

/** The path of the value by which a node refers to another. */
function needPath({ item, inputs, applies }: GraphNode, need: string, { source }: GraphContext) {
  if (!inputs.includes(need) && applies === need) return [...item.path, 'layer']
  const path = [...item.path, 'inputs']
  const place = [...path, item.inputs?.indexOf(need) ?? 0]
  return source.pairAt(place) === undefined ? path : place
}
