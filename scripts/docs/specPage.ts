/** Prints docs/reference/spec.md: every key of a spec. */
import { composeSchema } from '../../src/validation/schema.ts'
import { yamlText } from '../../src/source/edits.ts'
import { code, sections, yamlBlock } from './markdown.ts'
import { optionTables } from './optionTable.ts'
import { generatedNote } from './partPage.ts'
import type { JsonSchema, LinkedChoices } from './typeText.ts'

const about = `A spec is a map of these keys. Keys that begin with \`x-\` are free, for notes and YAML anchors; every other unknown key is an error.
[The language guide](../language.md) explains how they work together.`

/** The keys whose value is a map of options; each has a section on the page. */
const groups = ['training', 'budget', 'normalize', 'input']

export function specPage(choices: LinkedChoices): string {
  const schema = composeSchema() as unknown as JsonSchema
  const properties = schema.properties ?? {}
  const grouped = groups.map((key) => {
    const field = properties[key]!
    const example = `${key}: ${yamlText(field.examples?.[0])}\n`
    return sections(`## ${key}`, field.description ?? '', optionTables(field, choices), yamlBlock(example))
  })
  const linked = Object.fromEntries(
    Object.entries(properties).map(([key, field]) => {
      const description = groups.includes(key) ? `${field.description} See [${code(key)}](#${key}).` : field.description
      return [key, { ...field, ...(description !== undefined && { description }) }]
    }),
  )
  const keys = optionTables({ ...schema, properties: linked }, choices).replace('| option |', '| key |')
  return sections('# Keys of a spec', generatedNote, about, keys, ...grouped)
}
