/** Prints the option tables of the reference from the schemas of parts. */
import { yamlText } from '../../src/source/edits.ts'
import { code, codes, sections, table } from './markdown.ts'
import { typeText, type JsonSchema, type LinkedChoices } from './typeText.ts'

/** Prints the options of a part, followed by a table for each alternative of an option that has options itself. */
export function optionTables(schema: JsonSchema, choices: LinkedChoices): string {
  const { properties = {}, required = [] } = schema
  const rows = Object.entries(properties).map(([name, field]) => [
    code(name),
    typeText(field, choices),
    required.includes(name)
      ? 'required'
      : 'default' in field
        ? code(typeof field.default === 'string' ? field.default : yamlText(field.default))
        : '',
    field.description ?? '',
  ])
  const nested = Object.values(properties).flatMap((field) => describeAlternatives(field, choices))
  return sections(table(['option', 'type', 'default', 'description'], rows), ...nested)
}

/** Alternatives such as the cells of `rnn`, which have no page of their own. */
function describeAlternatives(field: JsonSchema, choices: LinkedChoices): string[] {
  const choice = [field, ...childrenOf(field)].find(
    ({ properties, maxProperties }) => properties && maxProperties === 1,
  )
  const alternatives = Object.entries(choice?.properties ?? {})
  if (choices.has(alternatives.map(([name]) => name).join())) return []
  return alternatives.map(([name, schema]) => {
    const options = schema.properties ?? schema.anyOf?.find(({ properties }) => properties)?.properties ?? {}
    const own = { ...schema, properties: options }
    const head = `${code(name)}: ${schema.description ?? ''}`
    return sections(head, optionTables(own, choices))
  })
}

function childrenOf({ anyOf = [], items, additionalProperties }: JsonSchema): JsonSchema[] {
  const children = [...anyOf, ...(items ? [items] : [])]
  if (typeof additionalProperties === 'object') children.push(additionalProperties)
  return children.flatMap((child) => [child, ...childrenOf(child)])
}

/** Prints the names of a part and its options in Keras, PyTorch and TensorFlow.js. */
export function describeAliases({ aliases }: { readonly aliases?: Aliases }): string {
  if (aliases === undefined) return ''
  const { same = [], near = [], options = {} } = aliases
  const ofOptions = Object.entries(options).map(
    ([name, other]) => `${codes([...(other.same ?? []), ...(other.near ?? [])])} → ${code(name)}`,
  )
  const lines = [
    ...(same.length > 0 ? [`Same as ${codes(same)}.`] : []),
    ...(near.length > 0 ? [`Similar to ${codes(near)}.`] : []),
    ...(ofOptions.length > 0 ? [`Options: ${ofOptions.join('; ')}.`] : []),
  ]
  return lines.length === 0 ? '' : `In other libraries: ${lines.join(' ')}`
}

type Names = { readonly same?: readonly string[]; readonly near?: readonly string[] }
type Aliases = Names & { readonly options?: Readonly<Record<string, Names>> }
