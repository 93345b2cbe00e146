/**
 * How parts of the language state their fields. A field is a TypeBox schema with a description; a default makes it
 * optional for who writes a spec and present for the code that reads one.
 */
import * as Type from 'typebox'
import type { Static, TObject, TOptional, TSchema } from 'typebox'

/** A field that is absent from a spec as often as not, and takes its default then. */
export type Defaulted<T extends TSchema> = TOptional<T> & { readonly '~defaulted': true }

export function withDefault<T extends TSchema>(schema: T, value: Static<T>): Defaulted<T> {
  return Type.Optional({ ...schema, default: value }) as unknown as Defaulted<T>
}

export type Properties<S extends TObject> = S extends TObject<infer P> ? P : never

/** Options of a part of which no more is known than that the schema accepted them. */
export type Options = Readonly<Record<string, unknown>>

/** The options of a part as its code sees them, with the defaults filled in; plain `Options` of an unknown part. */
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

/** The options with defaults filled in; the map that the spec holds is left as it is. */
export function resolveOptions<S extends TObject>(schema: S, options: Options): Resolved<S> {
  const resolved: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(schema.properties as Record<string, { default?: unknown }>)) {
    const value = options[key] ?? field.default
    if (value !== undefined) resolved[key] = value
  }
  return resolved as Resolved<S>
}

/** An object schema that takes no other keys than its own and, for notes and anchors, those that begin with `x-`. */
export function fieldsOf<P extends Record<string, TSchema>>(properties: P, description: string): TObject<P> {
  return Type.Object(properties, {
    description,
    additionalProperties: false,
    patternProperties: { '^x-': {} },
  })
}

/** A part that is chosen by its name: an optimizer, a loss, an initializer. */
export interface PartDef<S extends TObject = TObject> {
  readonly schema: S
  readonly aliases?: Aliases
  /** The options that the reference shows; by default those that are required, or the first. */
  readonly example?: Options
}

/**
 * What a part or an option is called in Keras, PyTorch and older TensorFlow, and by habit. `same` means the same there, so
 * that it is rewritten; what is `near` differs in a default, a unit or in what is computed, so that the word is only
 * suggested. Names that differ in case or punctuation alone need no alias.
 */
export interface Names {
  readonly same?: readonly string[]
  readonly near?: readonly string[]
}

export interface Aliases extends Names {
  /** Those of its options, where it is the part that has them. */
  readonly options?: Readonly<Record<string, Names>>
}

export function withAliases<D extends PartDef>(definition: D, aliases: Aliases): D {
  return { ...definition, aliases }
}

/**
 * Forgets the type of a definition's options: tables hold all definitions of a kind as one type, whose functions take
 * plain `Options`. Every `define…` ends in it.
 */
export function erase<D extends PartDef>(definition: object): D {
  return definition as D
}

/**
 * The entry of a table under a name that was checked before.
 *
 * @throws RangeError where the table has no such entry.
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = Object.hasOwn(table, name) ? table[name] : undefined
  if (found === undefined) throw new RangeError(`no part is called \`${name}\``)
  return found
}

/** `sgd`, or `sgd: { learningRate: 0.1 }`, as the spec holds it. */
export type ChoiceValue = string | Readonly<Record<string, Readonly<Record<string, unknown>> | null>>

/** A choice taken apart: its type, and the options as written. */
export interface Choice {
  readonly type: string
  readonly options: Options
}

export function readChoice(value: ChoiceValue): Choice {
  if (typeof value === 'string') return { type: value, options: {} }
  const type = Object.keys(value)[0] ?? ''
  return { type, options: value[type] ?? {} }
}

/** The schema of a choice among a table's parts: the bare name where no option is required, or a map with one key. */
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

/** The options that must be given, and the first besides; empty for a part that has none. */
export function exampleOf(schema: TObject): Readonly<Record<string, unknown>> {
  const { properties, required = [] } = schema as unknown as { properties: object; required?: readonly string[] }
  const fields = Object.entries(properties as Record<string, { examples?: readonly unknown[] }>)
  const chosen = required.length > 0 ? fields.filter(([key]) => required.includes(key)) : fields.slice(0, 1)
  return Object.fromEntries(chosen.map(([key, field]) => [key, field.examples?.[0]]))
}

/** As `choiceAmong`, over schemas that may be references. */
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

/** A bare name, which editors offer as it is; else a name with what it requires. */
function examplesOfChoice(properties: Record<string, TSchema>, bare: readonly string[]): unknown[] {
  const [first] = Object.entries(properties as Record<string, { examples?: readonly unknown[] }>)
  return bare.length > 0 ? [bare[0]] : first === undefined ? [] : [{ [first[0]]: first[1].examples?.[0] }]
}

/** `flatten:` with nothing behind it, YAML's null, is as good as the bare `flatten`. */
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
