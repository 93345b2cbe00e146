/** Describes the values that a field accepts, from its JSON Schema, for the reference. */
import { activationNames } from '../../src/language/activations.ts'
import { byteSizePattern } from '../../src/language/byteSize.ts'
import { pathPattern } from '../../src/language/datasetFields.ts'
import { allCodes, isIgnorable } from '../../src/diagnostics/codes.ts'
import { code, codes } from './markdown.ts'

export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly enum?: readonly (string | number)[]
  readonly const?: unknown
  readonly $ref?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly maxProperties?: number
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
}

/** The texts of choices that have their own page, by the names of their table, in its order. */
export type LinkedChoices = ReadonlyMap<string, string>

const linkedReferences: Readonly<Record<string, string>> = {
  initializer: '[initializer](initializers.md)',
  regularizer: '[regularizer](regularizers.md)',
  constraint: '[constraint](constraints.md)',
  loss: '[loss](losses.md)',
  metric: '[metric](metrics.md)',
  layer: '[layer](layers.md)',
}

const linkedWords: LinkedChoices = new Map([
  [activationNames.join(), '[activation](activations.md)'],
  [allCodes.filter(isIgnorable).join(), '[code](../diagnostics/README.md)'],
])

/** @param choices Choices that are described on their own page. */
export function typeText(schema: JsonSchema, choices: LinkedChoices): string {
  if (schema.$ref !== undefined) return linkedReferences[schema.$ref.split('/').at(-1)!] ?? 'map'
  if (schema.enum) return linkedWords.get(schema.enum.join()) ?? codes(schema.enum.map(shown))
  if (schema.const !== undefined) return code(shown(schema.const))
  if (schema.anyOf) return alternatives(schema.anyOf, choices)
  if (schema.type === 'array') return listText(schema, choices)
  if (schema.type === 'integer' || schema.type === 'number') return numberText(schema, schema.type)
  if (schema.type === 'null') return code('null')
  if (schema.type === 'object') return mapText(schema, choices)
  if (schema.pattern === byteSizePattern) return `size such as ${code('64MB')}`
  if (schema.pattern === pathPattern) return 'path'
  if (typeof schema.type === 'object') {
    return alternatives(
      schema.type.filter((type) => type !== 'null').map((type) => ({ ...schema, type })),
      choices,
    )
  }
  return schema.type ?? 'any value'
}

function shown(value: unknown): string {
  return value === '\t' ? '\\t' : String(value)
}

function alternatives(all: readonly JsonSchema[], choices: LinkedChoices): string {
  const names = all.find((one) => one.properties !== undefined && one.maxProperties === 1)
  // The names alone are parts of the map that need no options.
  if (names) {
    const others = all.filter((one) => one !== names && one.enum === undefined)
    return [mapText(names, choices), ...others.map((one) => typeText(one, choices))].join(' or ')
  }
  const [single, list, ...others] = all
  if (single !== undefined && others.length === 0 && isListOf(single, list)) {
    return `${typeText(single, choices)} or list of ${list?.maxItems}`
  }
  return [...new Set(all.map((one) => typeText(one, choices)))].join(' or ')
}

/** Whether `list` holds one `single` per axis, as in `3` or `[3, 5]`. */
function isListOf(single: JsonSchema, list: JsonSchema | undefined): boolean {
  if (list?.items === undefined || list.minItems === undefined || list.minItems !== list.maxItems) return false
  return JSON.stringify(list.items) === JSON.stringify(single)
}

function mapText({ properties, maxProperties, additionalProperties }: JsonSchema, choices: LinkedChoices): string {
  if (properties !== undefined && maxProperties === 1) {
    return choices.get(Object.keys(properties).join()) ?? `one of ${codes(Object.keys(properties))}`
  }
  if (typeof additionalProperties !== 'object') return 'map'
  return `map from names to ${plural(typeText(additionalProperties, choices))}`
}

function listText({ items = {}, minItems = 0, maxItems }: JsonSchema, choices: LinkedChoices): string {
  const item = typeText(items, choices)
  const isLong = items.anyOf !== undefined && item.includes(' or ')
  const many = isLong ? `(${item})` : plural(item)
  if (minItems === maxItems) return minItems === 1 ? `list of one ${item}` : `list of ${minItems} ${many}`
  return `list of ${many}`
}

/** Returns the plural: `integer ≥ 1` → `integers ≥ 1`. */
function plural(text: string): string {
  return text
    .replace(/^(integer|number|string|path|list|map)\b/, '$1s')
    .replace(/^any value/, 'values')
    .replace(/^\[(\w+?)(s?)\]/, (_, word, s) => (s === '' ? `[${word}s]` : `[${word}ses]`))
}

function numberText(schema: JsonSchema, type: string): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  // The largest seed, 2^31 - 1, is of no interest to a reader.
  const hasMost = maximum !== undefined && maximum !== 2 ** 31 - 1
  if (minimum !== undefined && hasMost) return `${type} from ${minimum} to ${maximum}`
  const least = minimum !== undefined ? `≥ ${minimum}` : exclusiveMinimum !== undefined ? `> ${exclusiveMinimum}` : ''
  const most = hasMost ? `≤ ${maximum}` : exclusiveMaximum !== undefined ? `< ${exclusiveMaximum}` : ''
  const bounds = [least, most].filter((bound) => bound !== '').join(' and ')
  return bounds === '' ? type : `${type} ${bounds}`
}
