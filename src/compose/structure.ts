/** How the layers of a composed spec were written: its calls and repeats, which back ends print as functions and loops. */
import type { Block } from './blocks.ts'
import type { Scope } from './scope.ts'

/** What one list of layers expanded to: the list of the spec, of a call, or of an iteration. */
export interface StructureList {
  /** What the names of its layers begin with in the plain spec: `residual_1/`. */
  readonly prefix: string
  /** The values of the names that its layers refer to. */
  readonly scope: Scope
  /** The included items, in the order of the list. */
  readonly items: readonly StructureItem[]
}

/** An item of a list of layers: a layer, a call of a block, or a repeat. */
export interface StructureItem {
  readonly kind: 'layer' | 'call' | 'repeat'
  readonly type: string
  /** Its place in the list as written. */
  readonly index: number
  /** Its name in its list. */
  readonly name: string
  /** Whether the spec states the name. */
  readonly isNamed: boolean
  /** Its options as written, so with references. */
  readonly options: Readonly<Record<string, unknown>>
  /** The layer of the plain spec that it ends with. */
  readonly output: string
  /** The layers that feed a call or a repeat. */
  readonly inputs: readonly string[]
  readonly block?: Block | undefined
  /** The layers of a call, or those of each iteration of a repeat. */
  readonly lists: readonly StructureList[]
  /** Whether `override` or `--set` changed options of the layer, or of one inside. */
  readonly isOverridden: boolean
}
