/** Adds the help of the schema for editors: Markdown with the default and an example of each value. */
import { yamlText } from '../source/edits.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonMap
export interface JsonMap {
  readonly [key: string]: Json
}

/**
 * Adds Markdown to each schema, and to each bare name among alternatives. Servers label an example or a default by its text,
 * which for a list or a map is not valid YAML of a spec, so these are moved to the Markdown.
 */
export function explain(value: Json, isMap = false): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => explain(item))
  if (value === null || typeof value !== 'object') return value
  const schema = value as JsonMap
  if (isMap) return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, explain(part)])) as JsonMap
  const { examples, default: byDefault, required, description, ...rest } = schema
  const parts = Object.entries(rest).map(([key, part]) => {
    if (key === 'defaultSnippets' || key === 'enum') return [key, part]
    if (key === 'anyOf') return [key, explainNames(part as readonly Json[]).map((item) => explain(item))]
    return [key, explain(part, key === 'properties' || key === 'definitions')]
  })
  const [words, structures] = [isWord, (one: Json) => !isWord(one)].map((pick) =>
    // A reference from `layers` keeps its example, which hover shows.
    ((examples ?? []) as readonly Json[]).filter(
      (one) => (rest['$ref'] !== undefined && description === undefined) || pick(one),
    ),
  ) as [Json[], Json[]]
  return {
    ...(description !== undefined && { description }),
    ...(words.length > 0 && { examples: words }),
    ...(byDefault !== undefined && isWord(byDefault) && { default: byDefault }),
    ...(Object.fromEntries(parts) as JsonMap),
    // Next to `properties`, servers would offer all required keys as one entry, labelled by a title.
    ...(required !== undefined && { allOf: [{ required }] }),
    ...(typeof description === 'string' && {
      markdownDescription: `${description}${describeDefault(byDefault)}${describeExample(structures)}`,
    }),
  }
}

function isWord(value: Json): boolean {
  return value === null || typeof value !== 'object'
}

function describeDefault(value: Json | undefined): string {
  return value === undefined ? '' : `\n\nDefault: \`${yamlText(value).replaceAll('"', '')}\``
}

function describeExample([first]: readonly Json[]): string {
  return first === undefined ? '' : `\n\nExample: \`${yamlText(first)}\``
}

/** Gives each bare name of a choice the description that it has in the map form. */
function explainNames(alternatives: readonly Json[]): readonly Json[] {
  const [names, map] = alternatives.map(asMap)
  const properties = asMap(map?.['properties'])
  const words = names?.['enum']
  if (!Array.isArray(words) || Object.keys(properties).length === 0) return alternatives
  const texts = (words as readonly string[]).map((word) => asMap(properties[word])['description'] ?? '')
  // A part without required options is offered once, as its name.
  const offered = Object.entries(properties).map(([word, part]) => [
    word,
    (words as readonly string[]).includes(word) ? { ...asMap(part), doNotSuggest: true } : part,
  ])
  return [
    { ...names!, markdownEnumDescriptions: texts, enumDescriptions: texts },
    { ...map!, properties: Object.fromEntries(offered) as JsonMap },
    ...alternatives.slice(2),
  ]
}

export function asMap(value: Json | undefined): JsonMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonMap) : {}
}
