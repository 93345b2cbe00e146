/**
 * The expressions of a compiled program, as plain data: layers, optimizers and initializers are lowered to them. The
 * interpreter evaluates them, and the back ends for TypeScript and Keras print them.
 */
export type Expression = Literal | ListExpression | RecordExpression | Call | SeedExpression | Reference

export interface Literal {
  readonly kind: 'literal'
  readonly value: null | boolean | number | string
}

export interface ListExpression {
  readonly kind: 'list'
  readonly items: readonly Expression[]
}

export interface RecordExpression {
  readonly kind: 'record'
  readonly fields: readonly (readonly [string, Expression])[]
}

/** A call of a function of TensorFlow.js (`tf.layers.conv2d`) or of the runtime (`loadMnist`). */
export interface Call {
  readonly kind: 'call'
  readonly callee: string
  readonly args: readonly Expression[]
  readonly isAwaited?: true
}

/** A distinct seed, `seed + n`. The lowering numbers them in the order of the program. */
export interface SeedExpression {
  readonly kind: 'seed'
  readonly offset: number
}

/**
 * A variable in the scope of the expression: `folder`, the requested location of the dataset; `learningRate`, the rate of
 * the run, or else of the spec. Compiled scripts also refer to variables of their functions.
 */
export interface Reference {
  readonly kind: 'reference'
  readonly name: string
  /** The default of `folder` in compiled scripts. */
  readonly otherwise?: Expression
}

/** Plain data, or data that contains expressions. */
export type Expressible =
  | Expression
  | null
  | boolean
  | number
  | string
  | readonly Expressible[]
  | { readonly [key: string]: Expressible | undefined }

const kinds: ReadonlySet<unknown> = new Set(['literal', 'list', 'record', 'call', 'seed', 'reference'])

function isExpression(value: object): value is Expression {
  return 'kind' in value && kinds.has(value.kind)
}

/** Converts data to an expression; keys whose value is undefined are left out. */
export function express(value: Expressible): Expression {
  if (value === null || typeof value !== 'object') return { kind: 'literal', value }
  if (Array.isArray(value)) return { kind: 'list', items: value.map(express) }
  if (isExpression(value)) return value
  const fields = Object.entries(value).filter((entry): entry is [string, Expressible] => entry[1] !== undefined)
  return { kind: 'record', fields: fields.map(([key, item]) => [key, express(item)] as const) }
}

export function call(callee: string, ...args: readonly Expressible[]): Call {
  return { kind: 'call', callee, args: args.map(express) }
}

/** A call that returns a promise, which a compiled script awaits. */
export function awaited(given: Call): Call {
  return { ...given, isAwaited: true }
}

export function reference(name: string, otherwise?: Expressible): Reference {
  return { kind: 'reference', name, ...(otherwise !== undefined && { otherwise: express(otherwise) }) }
}

/** A seed before the lowering numbers it. */
export const unnumberedSeed: SeedExpression = { kind: 'seed', offset: 0 }
