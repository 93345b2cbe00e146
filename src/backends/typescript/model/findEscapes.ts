/** Finds the blocks and repeats whose inner layers are used from outside, so that no function or loop can contain them. */
import type { Block } from '../../../compose/blocks.ts'
import type { Leaf, ModelNode, ModelTree, NodeList } from './modelTree.ts'

export interface Escapes {
  readonly blocks: ReadonlySet<Block>
  readonly repeats: ReadonlySet<ModelNode>
}

/** @param outputs The names of the outputs of the network. */
export function findEscapes({ root, leaves }: ModelTree, outputs: readonly string[]): Escapes {
  const owners = new Map<NodeList, ModelNode>()
  const collect = (list: NodeList): void => {
    for (const node of list.nodes) {
      for (const inner of node.lists) {
        owners.set(inner, node)
        collect(inner)
      }
    }
  }
  collect(root)
  const byName = new Map(leaves.map((leaf) => [leaf.node.output, leaf]))
  const escapes = { blocks: new Set<Block>(), repeats: new Set<ModelNode>() }
  /** Marks the lists around a layer that do not contain its reader. */
  const mark = ({ node: { output }, chain }: Leaf, readers: readonly NodeList[], isShared: boolean): void => {
    for (const list of chain.slice(1).filter((one) => !readers.includes(one))) {
      const owner = owners.get(list)!
      if (!isShared && isReadable(owner, list, output, readers)) continue
      if (owner.block === undefined) escapes.repeats.add(owner)
      else escapes.blocks.add(owner.block)
    }
  }
  for (const leaf of leaves) {
    const { inputs, ...layer } = leaf.node.layer
    for (const input of inputs) mark(byName.get(input)!, leaf.chain, false)
    if ('applies' in layer) {
      const applied = byName.get(layer.applies)!
      mark(applied, leaf.chain, true)
      mark(leaf, applied.chain, true)
    }
  }
  for (const output of outputs) mark(byName.get(output)!, [root], false)
  return escapes
}

/** Whether layers outside a list can read a layer inside it: the output of a call, of the last iteration, or of the iteration before. */
function isReadable(owner: ModelNode, list: NodeList, output: string, readers: readonly NodeList[]): boolean {
  if (owner.kind === 'call') return output === owner.output
  const next = owner.lists[owner.lists.indexOf(list) + 1]
  return output === list.nodes.at(-1)?.output && (next === undefined || readers.includes(next))
}
