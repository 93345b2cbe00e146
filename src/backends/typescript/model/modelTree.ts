/** The layers of a program in the lists that the spec was written with: its calls of blocks and its repeats. */
import type { Scope } from '../../../compose/scope.ts'
import type { StructureItem, StructureList } from '../../../compose/structure.ts'
import type { ProgramLayer } from '../../../program/program.ts'

export interface NodeList {
  /** What the names of its layers begin with: `residual_1/`. */
  readonly prefix: string
  readonly scope: Scope
  readonly nodes: ModelNode[]
}

/** A layer, a call of a block or a repeat. */
export interface ModelNode extends Omit<StructureItem, 'index' | 'lists' | 'isOverridden'> {
  /** Its place in the list as written; undefined for a layer that the program adds. */
  readonly index: number | undefined
  readonly layer?: ProgramLayer
  readonly lists: readonly NodeList[]
}

/** A layer with the lists that it is in, the outermost first. */
export interface Leaf {
  readonly node: ModelNode & { readonly layer: ProgramLayer }
  readonly chain: readonly NodeList[]
}

export interface ModelTree {
  readonly root: NodeList
  readonly leaves: readonly Leaf[]
}

const plainStructure: StructureList = { prefix: '', scope: { bindings: new Map() }, items: [] }

/** Places the layers of a program in the lists of a structure; without one, they are a single list. Returns undefined if the layers are in another order. */
export function treeOf(layers: readonly ProgramLayer[], structure = plainStructure): ModelTree | undefined {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const found: Leaf[] = []
  const root = convertList(structure, byName, [], found)
  const places = new Map(found.map((leaf) => [leaf.node.layer, leaf]))
  const inOrder = layers.filter((layer) => places.has(layer))
  if (inOrder.some((layer, place) => found[place]!.node.layer !== layer)) return undefined
  return { root, leaves: addOthers(layers, places, root) }
}

function convertList(
  { prefix, scope, items }: StructureList,
  byName: ReadonlyMap<string, ProgramLayer>,
  outer: readonly NodeList[],
  leaves: Leaf[],
): NodeList {
  const list: NodeList = { prefix, scope, nodes: [] }
  const chain = [...outer, list]
  for (const item of items) {
    if (item.kind === 'layer') {
      const layer = byName.get(item.output)
      if (layer === undefined) continue
      const node = { ...nodeOf(item), layer, lists: [] }
      list.nodes.push(node)
      leaves.push({ node, chain })
    } else {
      const before = leaves.length
      const lists = item.lists.map((one) => convertList(one, byName, chain, leaves))
      // The program has only layers that lead to an output.
      const isEmpty = item.kind === 'repeat' && lists.length === 0
      if (leaves.length > before || isEmpty) list.nodes.push({ ...nodeOf(item), lists })
    }
  }
  return list
}

function nodeOf({ kind, type, index, name, isNamed, options, output, inputs, block, isOverridden }: StructureItem) {
  // The layers of a call with an override are not those of its block, whose other calls may be those of a function.
  return { kind, type, index, name, isNamed, options, output, inputs, block: isOverridden ? undefined : block }
}

/** Adds the layers that the structure does not have, each to the innermost list around both of its neighbours. */
function addOthers(
  layers: readonly ProgramLayer[],
  places: ReadonlyMap<ProgramLayer, Leaf>,
  root: NodeList,
): readonly Leaf[] {
  const leaves: Leaf[] = []
  const following = new Map<ProgramLayer, Leaf | undefined>()
  let next: Leaf | undefined
  for (const layer of layers.toReversed()) {
    following.set(layer, next)
    next = places.get(layer) ?? next
  }
  for (const layer of layers) {
    const known = places.get(layer)
    if (known !== undefined) {
      leaves.push(known)
      continue
    }
    const after = following.get(layer)
    const chain = after === undefined ? [root] : commonStart(leaves.at(-1)?.chain ?? [root], after.chain)
    const list = chain.at(-1)!
    const node = leafOf(layer)
    list.nodes.splice(placeOf(list, after), 0, node)
    leaves.push({ node, chain })
  }
  return leaves
}

function commonStart(before: readonly NodeList[], after: readonly NodeList[]): readonly NodeList[] {
  const end = before.findIndex((list, depth) => list !== after[depth])
  return end < 0 ? before : before.slice(0, end)
}

function leafOf(layer: ProgramLayer): Leaf['node'] {
  const { name, inputs, isNamed } = layer
  const own = { kind: 'layer', type: '', index: undefined, options: {}, block: undefined, lists: [] } as const
  return { ...own, name, isNamed, inputs, output: name, layer }
}

/** The place in a list of the node that contains a leaf; its end without one. */
function placeOf({ nodes }: NodeList, leaf: Leaf | undefined): number {
  if (leaf === undefined) return nodes.length
  const contains = (node: ModelNode): boolean =>
    node === leaf.node || node.lists.some((list) => leaf.chain.includes(list))
  return nodes.findIndex(contains)
}

/** The options as written, if all nodes were written at the same place. */
export function optionsOf([first, ...others]: readonly ModelNode[]): ModelNode['options'] {
  return others.every(({ options }) => options === first!.options) ? first!.options : {}
}
