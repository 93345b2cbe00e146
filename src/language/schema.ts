/**
 * The schemas of parts and their fields. A field is a TypeBox schema with a description. A field with a default is optional
 * in a spec and always present in resolved options.
 */
import * as Type from 'typebox'
import type { Static, TObject, TOptional, TSchema } from 'typebox'

/** An optional field with a default. */
export type Defaulted<T extends TSchema> = TOptional<T> & { readonly '~defaulted': true }

export function withDefault<T extends TSchema>(schema: T, value: Static<T>): Defaulted<T> {
  return Type.Optional({ ...schema, default: value }) as unknown as Defaulted<T>
}

export type Properties<S extends TObject> = S extends TObject<infer P> ? P : never

/** The options of any part, after its schema accepted them. */
export type Options = Readonly<Record<string, unknown>>

/** The options of a part with defaults filled in; plain `Options` if its schema is not known. */
export type Resolved<S extends TObject> = TObject extends S ? Options : ResolvedFields<S>

type ResolvedFields<S extends TObject> = {
  readonly [K in keyof Properties<S> as IsAlwaysThere<Properties<S>[K]> extends true ? K : never]: Static<
    Properties<S>[K]
  >
} & {
  readonly [K in keyof Properties<S> as IsAlwaysThere<Properties<S>[K]> extends true ? never : K]?:
    Static<Properties<S>[K]> | undefined
}

type IsAlwaysThere<T> = T extends { readonly '~defaulted': true } ? true : T extends TOptional ? false : true

/** Returns a copy of the options with defaults filled in. */
export function resolveOptions<S extends TObject>(schema: S, options: Options): Resolved<S> {
  const resolved: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(schema.properties as Record<string, { default?: unknown }>)) {
    const value = options[key] ?? field.default
    if (value !== undefined) resolved[key] = value
  }
  return resolved as Resolved<S>
}

/** An object schema that accepts only its own keys and, for notes and anchors, keys that begin with `x-`. */
export function fieldsOf<P extends Record<string, TSchema>>(properties: P, description: string): TObject<P> {
  return Type.Object(properties, {
    description,
    additionalProperties: false,
    patternProperties: { '^x-': {} },
  })
}

/** The definition of a part that a spec chooses by name: an optimizer, a loss, an initializer. */
export interface PartDef<S extends TObject = TObject> {
  readonly schema: S
  readonly aliases?: Aliases
  /** The options of the example in the reference; by default the required ones, or else the first. */
  readonly example?: Options
}

/**
 * The names of a part or an option in Keras, PyTorch and older TensorFlow, or in common use. A name in `same` has the same
 * meaning and is rewritten; a name in `near` differs in a default, a unit or the computation, so that the replacement is
 * only suggested. Names that differ only in case or punctuation need no alias.
 */
export interface Names {
  readonly same?: readonly string[]
  readonly near?: readonly string[]
}

export interface Aliases extends Names {
  /** The names of its options, for a part. */
  readonly options?: Readonly<Record<string, Names>>
}

export function withAliases<D extends PartDef>(definition: D, aliases: Aliases): D {
  return { ...definition, aliases }
}

/**
 * Erases the type of a definition's options, so that a table can hold all definitions of a kind: their functions take plain
 * `Options`. Every `define…` function calls it.
 */
export function erase<D extends PartDef>(definition: object): D {
  return definition as D
}

/**
 * Returns the entry of a table under a name that was checked before.
 *
 * @throws RangeError if the table has no such entry.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined
  if (found === undefined) throw new RangeError(`no part is called \`${name}\``)
  return found
}

/** The choice of a part as in the spec: `sgd`, or `sgd: { learningRate: 0.1 }`. */
export type ChoiceValue = string | Readonly<Record<string, Readonly<Record<string, unknown>> | null>>

/** The choice of a part as its type and the options as written. */
export interface Choice {
  readonly type: string
  readonly options: Options
}

export function readChoice(value: ChoiceValue): Choice {
  if (typeof value === 'string') return { type: value, options: {} }
  const type = Object.keys(value)[0] ?? ''
  return { type, options: value[type] ?? {} }
}

/** The schema of a choice among the parts of a table: a map with one key, or the name alone if no option is required. */
export function choiceAmong(table: Readonly<Record<string, PartDef>>, description: string) {
  const properties = Object.fromEntries(
    Object.entries(table).map(([name, { schema }]) => [name, { ...schema, examples: [exampleOf(schema)] }]),
  )
  return choiceSchema(
    properties,
    Object.keys(table).filter((name) => !hasRequired(lookUp(table, name).schema)),
    description,
  )
}

/** Example values for the required options, or for the first option if none are required; empty for a part without options. */
export function exampleOf(schema: TObject): Readonly<Record<string, unknown>> {
  const { properties, required = [] } = schema as unknown as { properties: object; required?: readonly string[] }
  const fields = Object.entries(properties as Record<string, { examples?: readonly unknown[] }>)
  const chosen = required.length > 0 ? fields.filter(([key]) => required.includes(key)) : fields.slice(0, 1)
  return Object.fromEntries(chosen.map(([key, field]) => [key, field.examples?.[0]]))
}

/** As `choiceAmong`, for schemas that may be references. */
export function choiceSchema(properties: Record<string, TSchema>, bare: readonly string[], description: string) {
  const byMap = {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, schema]) => [name, orNothing(schema, bare.includes(name))]),
    ),
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  }
  const byName = { type: 'string', enum: bare }
  const examples = examplesOfChoice(properties, bare)
  return Type.Unsafe<ChoiceValue>({ description, examples, anyOf: bare.length > 0 ? [byName, byMap] : [byMap] })
}

/** A bare name, which editors offer as it is; otherwise a name with its required options. */
function examplesOfChoice(properties: Record<string, TSchema>, bare: readonly string[]): unknown[] {
  const [first] = Object.entries(properties as Record<string, { examples?: readonly unknown[] }>)
  return bare.length > 0 ? [bare[0]] : first === undefined ? [] : [{ [first[0]]: first[1].examples?.[0] }]
}

/** Accepts null for a part that may be bare: `flatten:` without a value, which is null in YAML, means `flatten`. */
function orNothing(schema: TSchema, mayBeBare: boolean): object {
  return mayBeBare ? { ...annotationsOf(schema), anyOf: [{ type: 'null' }, schema] } : schema
}

function annotationsOf(schema: TSchema): object {
  const { description, examples } = schema as { description?: string; examples?: readonly unknown[] }
  return { ...(description !== undefined && { description }), ...(examples && { examples }) }
}

export function hasRequired(schema: TObject): boolean {
  return ((schema as { required?: readonly string[] }).required ?? []).length > 0
}
