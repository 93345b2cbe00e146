/** A spec that is about to be printed: lists of layers, calls of blocks and repeats, which refer to each other as objects. */

export interface PrintedSpec {
  readonly name: string
  /** The layers at the top level. */
  readonly list: ItemList
  readonly blocks: readonly Block[]
  /** Undefined if the output is the last layer. */
  readonly outputs: readonly Item[] | undefined
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
  /** The options of a layer, the arguments of a call, or how often layers are repeated. */
  options: ReadonlyMap<string, unknown>
  inputs: readonly Source[]
  /** The layer that an `apply` applies again. */
  applied?: Item | undefined
  /** The name in the file, of the last layer of a call or a repeat. */
  readonly origin: string
  /** The name that the spec states. */
  name?: string | undefined
  readonly block?: Block
  /** The layers that a repeat repeats. */
  readonly list?: ItemList
}

export interface Block {
  name: string
  params: readonly Param[]
  readonly list: ItemList
}

/** A parameter of a block. */
export interface Param {
  name: string
  /** The value of calls that state none. */
  byDefault?: unknown
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
