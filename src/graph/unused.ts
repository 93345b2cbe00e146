/** Reports parts of a network that reach no output. */
import { isInput, layerDef } from '../parts/layers/table.ts'
import type { RelatedPlace } from '../diagnostics/diagnostic.ts'
import type { Graph, GraphNode } from './graph.ts'
import type { GraphContext } from './graphContext.ts'

/** Reports unused layers and inputs. Skips graphs with mistakes, in which a misspelt name leaves layers unused. */
export function reportUnused({ nodes, outputs }: Graph, context: GraphContext): void {
  if (context.diagnostics.length > 0 || context.spec.layers.some(({ valid }) => !valid)) return
  const used = new Set(outputs)
  for (const { inputs, applies } of nodes) {
    for (const input of inputs) used.add(input)
    if (applies !== undefined) used.add(applies)
  }
  if (nodes.some(lacksInputs)) return
  const byName = new Map(nodes.map((node) => [node.name, node]))
  const alive = findAlive(nodes, outputs)
  for (const node of nodes) {
    const { name, item, implied } = node
    if (used.has(name) || implied) continue
    const branch = branchBefore(node, byName, alive)
    const names = branch.map((one) => one.name)
    const isOfInput = isInput(item.type)
    const way = names.length > 1 ? ` (${abridge(names).join(' → ')})` : ''
    const message = isOfInput
      ? `the input \`${name}\` is not used by any layer`
      : `the output of \`${name}\`${way} is not used`
    context.report(isOfInput ? 'graph/unused-input' : 'graph/unused-layer', item.path, message, {
      atKey: true,
      help: isOfInput
        ? 'add it to the `inputs` of a layer, or remove it'
        : 'add it to the `inputs` of another layer or to `outputs`, or remove it',
      related: noteBeginning(branch, context),
    })
  }
}

/** Whether a merge has too few inputs: it may be meant to use the layers that are unused. */
function lacksInputs({ layer, inputs }: GraphNode): boolean {
  return inputs.length < layerDef(layer.type).arity.least
}

/** The names of the nodes whose values reach an output. */
function findAlive(nodes: readonly GraphNode[], outputs: readonly string[]): ReadonlySet<string> {
  const alive = new Set(outputs)
  for (const { name, inputs } of nodes.toReversed()) if (alive.has(name)) for (const input of inputs) alive.add(input)
  return alive
}

/** The unused branch that ends in `last`, along first inputs, from where it leaves a used layer or from its input. */
function branchBefore(
  last: GraphNode,
  byName: ReadonlyMap<string, GraphNode>,
  alive: ReadonlySet<string>,
): readonly GraphNode[] {
  const branch: GraphNode[] = []
  for (let node: GraphNode | undefined = last; node && !alive.has(node.name); node = byName.get(node.inputs[0] ?? ''))
    branch.push(node)
  return branch.toReversed()
}

function noteBeginning(branch: readonly GraphNode[], { source }: GraphContext): RelatedPlace[] {
  const first = branch[0]!
  if (branch.length === 1) return []
  const from = first.inputs[0]
  const message =
    from === undefined ? 'the unused branch starts at this input' : `the unused branch starts here, after \`${from}\``
  return [{ message, span: source.locateKey(first.item.path) }]
}

const longest = 8

function abridge(names: readonly string[]): readonly string[] {
  return names.length > longest ? [...names.slice(0, longest - 2), '…', names.at(-1)!] : names
}
