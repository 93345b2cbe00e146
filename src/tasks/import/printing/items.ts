/** A spec that is about to be printed: lists of layers, calls of blocks and repeats, which refer to each other as objects. */

import type { NameKind } from './descriptiveNames.ts'

export interface PrintedSpec {
  readonly name: string
  /** The layers at the top level. */
  readonly list: ItemList
  /** The blocks, each after those that it calls. */
  blocks: readonly Block[]
  /** Undefined if the output is the last layer. */
  outputs: readonly Item[] | undefined
}

/** The layers of the spec, of a block, or of a repeat. */
export interface ItemList {
  /** What its layers refer to as `input`, or by the names that a block with several inputs gives them. */
  readonly entries: readonly Entry[]
  items: Item[]
}

/** An input of a list of layers, which is an output around it. */
export interface Entry {
  readonly kind: 'entry'
  name: string
}

export type Source = Item | Entry

export interface Item {
  readonly kind: 'layer' | 'call' | 'repeat'
  /** The type of a layer. */
  readonly type: string
  /** The options of a layer, an argument of a call for each parameter, or how often layers are repeated. */
  options: ReadonlyMap<string, unknown>
  inputs: readonly Source[]
  /** The layer that an `apply` applies again. */
  applied?: Item | undefined
  /** The name in the file, of the last layer of a call or a repeat. */
  readonly origin: string
  /** Whether that name says what the layer is for. */
  readonly nameKind?: NameKind
  /** The names of the layers that a repeat of one layer stands for. */
  readonly iterations?: readonly Pick<Item, 'origin' | 'nameKind'>[]
  /** The name that the spec states. */
  name?: string | undefined
  readonly block?: Block
  /** The layers that a repeat repeats. */
  readonly list?: ItemList
}

export interface Block {
  name: string
  readonly params: readonly Param[]
  readonly list: ItemList
}

/** A parameter of a block. */
export interface Param {
  readonly name: string
  /** The value in calls that state none. */
  readonly byDefault?: unknown
}

/** A value that depends on a parameter of the block around it: `$filters`, or `$(4 * filters)`. */
export class Reference {
  readonly param: Param
  readonly factor: number

  constructor(param: Param, factor = 1) {
    this.param = param
    this.factor = factor
  }
}

/** What the items of a list from `start` to before `end` are replaced by; its last item has the output of theirs. */
export interface Replacement {
  readonly start: number
  readonly end: number
  readonly by: readonly Item[]
}

/** Replaces items in lists of a spec, which do not overlap. */
export function replaceInLists(
  spec: PrintedSpec,
  replacements: readonly (Replacement & { readonly list: ItemList })[],
): void {
  const byList = new Map<ItemList, Replacement[]>()
  for (const one of replacements) {
    const others = byList.get(one.list)
    if (others === undefined) byList.set(one.list, [one])
    else others.push(one)
  }
  for (const [list, ofList] of byList) replaceItems(spec, list, ofList)
}

/**
 * Replaces items of a list, which do not overlap, all in one pass: a list of thousands of layers may have thousands of
 * replacements.
 */
function replaceItems(spec: PrintedSpec, list: ItemList, replacements: readonly Replacement[]): void {
  const { items } = list
  const replacing = new Map<Source, Item>(replacements.map(({ end, by }) => [items[end - 1]!, by.at(-1)!]))
  const next: Item[] = []
  let at = 0
  const sorted = replacements.toSorted((a, b) => a.start - b.start)
  for (const { start, end, by } of [...sorted, { start: items.length, end: items.length, by: [] }]) {
    for (const item of items.slice(at, start)) next.push(item)
    for (const item of by) next.push(item)
    at = end
  }
  for (const item of next) item.inputs = item.inputs.map((one) => replacing.get(one) ?? one)
  spec.outputs = spec.outputs?.map((one) => replacing.get(one) ?? one)
  list.items = next
}

/** The lists of layers of a spec, its blocks and its repeats. */
export function listsIn({ list, blocks }: Pick<PrintedSpec, 'list' | 'blocks'>): ItemList[] {
  return [list, ...blocks.map((block) => block.list)].flatMap(withRepeats)
}

/** A list, and those of its repeats. */
export function withRepeats(list: ItemList): ItemList[] {
  return [list, ...list.items.flatMap((item) => (item.list === undefined ? [] : withRepeats(item.list)))]
}

/** The items of a list, and those inside its repeats, each repeat before its items. */
export function withInner(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...withInner(item.list?.items ?? [])])
}

export function isSameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Reference || b instanceof Reference) {
    return a instanceof Reference && b instanceof Reference && a.param === b.param && a.factor === b.factor
  }
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
