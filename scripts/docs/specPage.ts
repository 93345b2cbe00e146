/** Prints docs/reference/spec.md: every key of a spec. */
import { composingSections, overrideSection } from '../../src/validation/editorSchema.ts'
import { sweepSection } from '../../src/validation/editorSweep.ts'
import { composeSchema } from '../../src/validation/schema.ts'
import { yamlText } from '../../src/source/edits.ts'
import { code, sections, yamlBlock } from './markdown.ts'
import { optionTables } from './optionTable.ts'
import { generatedNote } from './partPage.ts'
import type { JsonSchema, LinkedChoices } from './typeText.ts'

const about = `A spec is a map of these keys. Keys that begin with \`x-\` are free, for notes and YAML anchors; every other unknown key is an error.
[The language guide](../language.md) explains how they work together.`

/** The keys whose value is a map of options; each has a section on the page. */
const groups = ['training', 'budget', 'normalize', 'input', 'sweep']

/** Keys that a page of the manual explains. */
const guides: Readonly<Record<string, string>> = {
  extends: '../composition.md#extending-a-spec',
  abstract: '../composition.md#extending-a-spec',
  vars: '../composition.md#variables',
  blocks: '../composition.md#blocks',
  override: '../composition.md#overriding-options-of-layers',
  weights: '../howto/fine-tuning.md#start-from-the-weights-of-another-run',
  sweep: '../sweeps.md',
}

export function specPage(choices: LinkedChoices): string {
  const plain = composeSchema() as unknown as JsonSchema
  const schema = { ...plain, properties: keysAsWritten(plain.properties ?? {}) }
  const grouped = groups.map((key) => {
    const field = schema.properties[key]!
    const example = field.examples?.[0]
    const block = example === undefined ? '' : yamlBlock(`${key}: ${yamlText(example)}\n`)
    return sections(`## ${key}`, describeWithGuide(key, field), optionTables(field, choices), block)
  })
  const linked = Object.fromEntries(
    Object.entries(schema.properties).map(([key, field]) => {
      const description = groups.includes(key)
        ? `${field.description} See [${code(key)}](#${key}).`
        : describeWithGuide(key, field)
      return [key, { ...field, description }]
    }),
  )
  const keys = optionTables({ ...schema, properties: linked }, choices).replace('| option |', '| key |')
  return sections('# Keys of a spec', generatedNote, about, keys, ...grouped)
}

/** Adds the keys that exist only in specs as written, before composition and without a sweep. */
function keysAsWritten({ name, ...others }: Properties): Properties {
  const properties = { name, ...composingSections, ...others, ...overrideSection, sweep: sweepSection }
  return properties as unknown as Properties
}

function describeWithGuide(key: string, { description = '' }: JsonSchema): string {
  const guide = guides[key]
  return guide === undefined ? description : `${description} [How to use it](${guide}).`
}

type Properties = NonNullable<JsonSchema['properties']>
