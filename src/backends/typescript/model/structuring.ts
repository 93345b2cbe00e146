/** What the makers of functions and loops need to turn lists of layers into statements. */
import type { Statement, Value } from './body.ts'
import type { Context } from './context.ts'
import type { Escapes } from './findEscapes.ts'
import type { ModelNode, NodeList } from './modelTree.ts'

export interface Structuring {
  readonly escapes: Escapes
  /** The names that no variable may have, with those of the functions. */
  readonly taken: readonly string[]
  /** The output shape of a layer. */
  shapeOf(name: string): string
  /** Returns the statements for one list in each instance. @throws Differs */
  statementsOf(context: Context, lists: readonly (NodeList | undefined)[]): Statement[]
  /** Returns the value that layers of certain names are in all instances. @throws Differs */
  valueOf(context: Context, names: readonly string[]): Value
  /** Makes a statement the value of what the nodes end with. */
  setSources(context: Context, nodes: readonly ModelNode[], statement: Statement): void
}
