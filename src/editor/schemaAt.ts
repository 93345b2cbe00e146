/**
 * Finds what the JSON Schema of a spec says about a place in it: the keys of a map with their help, and the words that a value
 * may be. The schema is the one that is published for editors, so help and choices are the same everywhere.
 */
import type { Path } from '../diagnostics/diagnostic.ts'
import { composeEditorSchema } from '../validation/editorSchema.ts'

/** The keywords that the schema of a spec uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly markdownDescription?: string
  readonly enum?: readonly (string | number | boolean | null)[]
  readonly const?: string | number | boolean | null
  readonly markdownEnumDescriptions?: readonly string[]
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly required?: readonly string[]
  readonly defaultSnippets?: readonly { readonly label: string; readonly body: unknown }[]
  readonly definitions?: Readonly<Record<string, Schema>>
}

let composed: Schema | undefined

function rootSchema(): Schema {
  composed ??= composeEditorSchema() as Schema
  return composed
}

/** Returns the schemas that apply to the value at `path`: several where the schema has alternatives, none if the key is unknown. */
function schemasAt(path: Path): readonly Schema[] {
  let current = alternativesOf(rootSchema())
  for (const step of path) current = current.flatMap((schema) => inside(schema, step)).flatMap(alternativesOf)
  return current
}

function inside(schema: Schema, step: string | number): readonly Schema[] {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items]
  const own = schema.properties
  if (own !== undefined && Object.hasOwn(own, step)) return [own[step]!]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

/** The schema itself and, where it is a choice or a reference, what that leads to; each keeps the help around it. */
function alternativesOf(schema: Schema): readonly Schema[] {
  const { $ref, anyOf, allOf, ...stated } = schema
  const required = [stated, ...(allOf ?? [])].flatMap((part) => part.required ?? [])
  const own = required.length === 0 ? stated : { ...stated, required }
  const target =
    $ref === undefined ? [] : alternativesOf(rootSchema().definitions![$ref.replace('#/definitions/', '')]!)
  const choices = [...target, ...(anyOf ?? []).flatMap(alternativesOf), ...(allOf ?? []).flatMap(alternativesOf)]
  const help = own.markdownDescription ?? own.description
  const described = choices.map((choice) =>
    help === undefined || choice.markdownDescription !== undefined ? choice : { ...choice, markdownDescription: help },
  )
  return Object.keys(own).length === 0 ? described : [own, ...described]
}

/** The help of the value at `path` in Markdown; undefined if the schema has none. */
export function helpAt(path: Path): string | undefined {
  for (const schema of schemasAt(path)) {
    const help = schema.markdownDescription ?? schema.description
    if (help !== undefined) return help
  }
  return undefined
}

export interface KeyChoice {
  readonly key: string
  readonly schema: Schema
  readonly isRequired: boolean
}

/** The keys that the map at `path` may have. */
export function keysAt(path: Path): readonly KeyChoice[] {
  const schemas = schemasAt(path)
  // An alternative without properties requires one of several keys, such as `layers` or `extends`.
  const required = new Set(schemas.flatMap(({ properties, required: keys }) => (properties ? (keys ?? []) : [])))
  const found = new Map<string, KeyChoice>()
  for (const { properties } of schemas) {
    for (const [key, schema] of Object.entries(properties ?? {})) {
      if (!found.has(key)) found.set(key, { key, schema, isRequired: required.has(key) })
    }
  }
  return [...found.values()]
}

export interface WordChoice {
  readonly word: string
  readonly help?: string | undefined
}

/** The words that the value at `path` may be. */
export function wordsAt(path: Path): readonly WordChoice[] {
  const found = new Map<string, WordChoice>()
  const add = (value: unknown, help?: string) => {
    const word = String(value)
    if (!found.has(word)) found.set(word, { word, help })
  }
  for (const schema of schemasAt(path)) {
    for (const [index, value] of (schema.enum ?? []).entries()) add(value, schema.markdownEnumDescriptions?.[index])
    if (schema.const !== undefined) add(schema.const, schema.markdownDescription)
    if ([schema.type].flat().includes('boolean')) for (const value of [true, false]) add(value)
  }
  return [...found.values()]
}
