/** The code of a network before it is printed: the statements of `buildModel`, of its functions and of its loops. */
import type { Call } from '../../../language/expression.ts'
import type { NameScope } from '../../../program/nameScope.ts'

export interface Body {
  /** The names for what the body is applied to. */
  readonly inputs: readonly Input[]
  readonly statements: readonly Statement[]
  /** Absent in `buildModel`, whose outputs the program names. */
  readonly output?: Value
  /** The names of the function around the body. */
  readonly names: NameScope
}

/** A value that layers are applied to: an input of the body, or the output of a statement. */
export type Value = Input | Statement

export interface Input {
  readonly kind: 'start'
  readonly name: string
}

export type Statement = LayerStatement | CallStatement | LoopStatement

interface CommonStatement {
  /** The name that its variable should have. */
  readonly name: string
  /** Whether the spec states this name. */
  readonly isNamed: boolean
  readonly inputs: readonly Value[]
  /** The output shape, if it is the same wherever the statement runs; for a loop, the shapes of its iterations. */
  readonly shape: string
  /** The code of the condition under which the statement runs. */
  readonly condition?: string | undefined
  /** What the layers after a statement with a condition take if it does not run. */
  otherwise?: Value | undefined
}

export interface LayerStatement extends CommonStatement {
  readonly kind: 'layer'
  /** The name of its layer in the program, for one that exists once. */
  readonly layer?: string | undefined
  /** The call that creates the layer; absent if another statement created it. */
  readonly call?: Call | undefined
  /** The layer of the program that it applies again. */
  readonly applies?: string | undefined
  readonly isUsed: boolean
}

export interface CallStatement extends CommonStatement {
  readonly kind: 'call'
  readonly function: BlockFunction
  /** The code of the name of its last layer. */
  readonly layerName: string
  /** The other arguments, with their code. */
  readonly args: readonly (readonly [name: string, code: string])[]
}

export interface LoopStatement extends CommonStatement {
  readonly kind: 'loop'
  /** The code between the parentheses of `for (…)`. */
  readonly head: string
  /** The constants of an iteration, with their code. */
  readonly locals: readonly (readonly [name: string, code: string])[]
  readonly body: Body
}

/** A function for the calls of a block. */
export interface BlockFunction {
  readonly name: string
  readonly comment: string
  /** Whether it has the parameter `scope`, the start of the names of its layers, which is `name` by default. */
  readonly hasScope: boolean
  readonly params: readonly Param[]
  readonly body: Body
}

/** A parameter besides `name` and `scope`. */
export interface Param {
  /** Its name in the spec. */
  readonly spoken: string
  readonly name: string
  readonly type: string
  /** The code of its default. */
  readonly byDefault?: string | undefined
}
