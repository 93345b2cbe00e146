/** Finds what each written item of a list of layers became: layers of the network, once for each time that composition used it. */
import { structureOf } from '../compose/composedSource.ts'
import type { StructureItem, StructureList } from '../compose/structure.ts'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import type { ShapedGraph, ShapedNode } from '../graph/shapes.ts'
import type { SourceDocument } from '../source/source.ts'
import { typeSpan } from './cursor.ts'

/** An item in a list of layers as written: a layer, a call of a block or a repeat. */
export interface WrittenItem {
  /** The span of its type, the word that every item begins with. */
  readonly typeSpan: Span
  /**
   * The layers of the network that it became, a list for each time that composition used it. A layer of a block that is
   * called three times has three lists of one; a call of a block with four layers has one list of four.
   */
  readonly uses: readonly (readonly ShapedNode[])[]
  /** The numbers of iterations of a repeat, one for each use; empty for other items. */
  readonly iterations: readonly number[]
}

/** Returns the items by the offset of their type. Items of other files, and those without a known shape, are left out. */
export function findItems(source: SourceDocument, shaped: ShapedGraph): ReadonlyMap<number, WrittenItem> {
  const finder = new ItemFinder(source.written, shaped)
  const structure = structureOf(source)
  if (structure === undefined) finder.addPlainLayers()
  else finder.addList(structure, finder.layers)
  return finder.found
}

/** A list of layers as written, with the spans of the types of its items. Undefined if it is in another file. */
type WrittenList = { readonly path: Path; readonly spans: (Span | undefined)[] } | undefined

interface FoundItem extends WrittenItem {
  readonly uses: (readonly ShapedNode[])[]
  readonly iterations: number[]
}

class ItemFinder {
  readonly found = new Map<number, FoundItem>()
  readonly layers: WrittenList
  private readonly source: SourceDocument
  private readonly nodes: ReadonlyMap<string, ShapedNode>
  private readonly lists = new Map<string, WrittenList>()

  constructor(source: SourceDocument, { nodes }: ShapedGraph) {
    this.source = source
    this.nodes = new Map(nodes.map((node) => [node.name, node]))
    this.layers = this.listAt(['layers'])
  }

  /** Without composition, each item is a layer. */
  addPlainLayers(): void {
    for (const node of this.nodes.values()) {
      if (!node.implied) this.add(this.layers, Number(node.item.path[1]), [node])
    }
  }

  /** Returns the layers that a list became, after it has added its items and those inside them. */
  addList({ items }: StructureList, written: WrittenList): readonly ShapedNode[] {
    return items.flatMap((item) => {
      const inner = this.innerList(item, written)
      const output = this.nodes.get(item.output)
      const isLayer = item.kind === 'layer'
      const nodes = isLayer
        ? [output].filter((node) => node !== undefined)
        : item.lists.flatMap((list) => this.addList(list, inner))
      if (nodes.length > 0 && output !== undefined) this.add(written, item.index, nodes, item)
      return nodes
    })
  }

  private innerList({ kind, type, index }: StructureItem, written: WrittenList): WrittenList {
    if (kind === 'call') return this.listAt(['blocks', type, 'layers'])
    return written && this.listAt([...written.path, index, type, 'layers'])
  }

  private listAt(path: Path): WrittenList {
    const key = path.join('/')
    if (!this.lists.has(key))
      this.lists.set(key, this.source.nodeAt(path) === undefined ? undefined : { path, spans: [] })
    return this.lists.get(key)
  }

  private add(written: WrittenList, index: number, nodes: readonly ShapedNode[], structure?: StructureItem): void {
    if (written === undefined) return
    const span = (written.spans[index] ??= typeSpan(this.source, [...written.path, index]))
    if (span === undefined) return
    const item = this.found.get(span.start) ?? { typeSpan: span, uses: [], iterations: [] }
    this.found.set(span.start, item)
    item.uses.push(nodes)
    if (structure?.kind === 'repeat') item.iterations.push(structure.lists.length)
  }
}
