/** Every field of the JSON Schema is explained: what it is, an example that is valid, its default if it has one. */
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { composeSchema } from '../../src/validation/schema.ts'

interface Schema {
  readonly description?: string
  readonly markdownDescription?: string
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly definitions?: Readonly<Record<string, Schema>>
}

interface Field {
  readonly path: string
  readonly pointer: string
  readonly name: string
  readonly schema: Schema
  readonly holder: Schema
}

const root = JSON.parse(
  readFileSync(new URL('../../schema/shapewright.schema.json', import.meta.url), 'utf8'),
) as Schema

function fieldsIn(schema: Schema, path: string, pointer: string): Field[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = `${pointer}/properties/${name}`
    return [
      { path: `${path}/${name}`, pointer: at, name, schema: field, holder: schema },
      ...fieldsIn(field, `${path}/${name}`, at),
    ]
  })
  const alternatives = (schema.anyOf ?? []).flatMap((one, index) => fieldsIn(one, path, `${pointer}/anyOf/${index}`))
  const items = schema.items ? fieldsIn(schema.items, `${path}/items`, `${pointer}/items`) : []
  const definitions = Object.entries(schema.definitions ?? {})
  const named = definitions.flatMap(([name, one]) => fieldsIn(one, `#${name}`, `${pointer}/definitions/${name}`))
  return [...own, ...alternatives, ...items, ...named]
}

/** A layer in the list of layers has its example where it refers to its options. */
const examplesOf = ({ examples, anyOf = [] }: Schema) => examples ?? anyOf.flatMap((one) => one.examples ?? [])

const fields = fieldsIn(root, '', '')
/** Editors show examples that are lists or maps as text; here they are what they are. */
const composed = JSON.parse(JSON.stringify(composeSchema())) as Schema
const composedFields = fieldsIn(composed, '', '')
const ajv = new Ajv({ strict: false, inlineRefs: false }).addSchema(composed, 'spec')
const pathsOf = (found: readonly Field[]) => found.map(({ path }) => path)

describe('every field of the schema', () => {
  it('is one of many', () => expect(fields.length).toBeGreaterThan(700))

  it('has a description', () => {
    expect(pathsOf(fields.filter(({ schema }) => (schema.description ?? '').length < 1))).toEqual([])
  })

  it('has an example', () => {
    expect(pathsOf(composedFields.filter(({ schema }) => examplesOf(schema).length === 0))).toEqual([])
  })

  it('has only examples and defaults that it allows', () => {
    const different = new Map(composedFields.map((field) => [JSON.stringify(field.schema), field])).values()
    const refused = [...different].flatMap(({ path, pointer, schema }) => {
      const validate = ajv.getSchema(`spec#${pointer}`)!
      const stated = [...examplesOf(schema), ...('default' in schema ? [schema.default] : [])]
      return stated.filter((value) => !validate(value)).map((value) => `${path}: ${JSON.stringify(value)}`)
    })
    expect(refused).toEqual([])
  })

  it('is optional where it has a default, which its help states', () => {
    const defaulted = fields.filter(({ schema }) => 'default' in schema)
    expect(defaulted.length).toBeGreaterThan(300)
    expect(pathsOf(defaulted.filter(({ name, holder }) => holder.required?.includes(name)))).toEqual([])
    expect(pathsOf(defaulted.filter(({ schema }) => !schema.markdownDescription?.includes('Default: `')))).toEqual([])
  })
})

it('the schema that editors read accepts and refuses what check does', () => {
  const validate = ajv.compile({ $ref: 'spec' })
  const layers = [
    'flatten',
    { conv2d: null },
    { maxPooling2d: null },
    { dense: { units: 2 } },
    { dense: { unit: 2 } },
    'dense',
  ]
  for (const layer of layers) {
    const spec = { name: 'a', input: { shape: [8, 8, 1] }, layers: [layer] }
    const { diagnostics } = checkText(JSON.stringify(spec), 'a.yaml')
    const isValid = diagnostics.every(({ code }) => !code.startsWith('schema/'))
    expect(validate(spec), JSON.stringify(layer)).toBe(isValid)
  }
})
