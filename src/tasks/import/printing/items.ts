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

/** Replaces the items of a list from `start` to before `end` by one whose output is that of the last. */
export function replaceItems(
  spec: PrintedSpec,
  list: ItemList,
  [start, end]: readonly [number, number],
  by: Item,
): void {
  const last = list.items[end - 1]!
  const replaced = <T extends Source>(one: T) => (one === last ? by : one)
  for (const item of list.items.slice(end)) item.inputs = item.inputs.map(replaced)
  spec.outputs = spec.outputs?.map(replaced) as readonly Item[] | undefined
  list.items = [...list.items.slice(0, start), by, ...list.items.slice(end)]
}

/** The lists of layers of a spec, its blocks and its repeats. */
export function listsIn({ list, blocks }: Pick<PrintedSpec, 'list' | 'blocks'>): ItemList[] {
  return [list, ...blocks.map((block) => block.list)].flatMap(withRepeats)
}

function withRepeats(list: ItemList): ItemList[] {
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
