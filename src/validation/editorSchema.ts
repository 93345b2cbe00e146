/**
 * Composes the schema for editors: it accepts the same specs and adds help. Help is Markdown with the default, and with the
 * description of each bare name; the completion of a layer inserts its required options and nothing else. The extra keys
 * are those of the YAML language server, which VS Code's `json` supports as well.
 */
import { asMap, explain, type Json, type JsonMap } from './editorHelp.ts'
import { sweepSection } from './editorSweep.ts'
import { composeSchema } from './schema.ts'

export function composeEditorSchema(): object {
  const schema = composeSchema() as unknown as JsonMap
  const definitions = { ...asMap(schema['definitions']) }
  definitions['layer'] = completeLayers(asMap(definitions['layer']), definitions)
  for (const [name, definition] of Object.entries(definitions)) {
    if (!name.endsWith('Layer')) continue
    // References to it already have its description; hover would show both.
    definitions[name] = { title: name.replace(/Layer$/, ''), ...withoutDescription(asMap(definition)) }
  }
  const described = explain({ ...schema, definitions }) as JsonMap
  return addSweep(acceptReferences(addSections(described)) as JsonMap)
}

/** The sections of a spec that composition expands before it is validated. */
export const composingSections: JsonMap = {
  extends: {
    description: 'The file of a spec that this one completes: what it does not say is taken from there.',
    markdownDescription:
      'The file of a spec that this one completes: what it does not say is taken from there. The path is relative to this file.\n\nExample: `./base.yaml`',
    type: 'string',
  },
  abstract: {
    description: 'Whether the spec is only there to be extended: it need not be complete, and cannot be trained.',
    type: 'boolean',
  },
  vars: {
    description: 'Variables: `$width` and `$(2 * width)` anywhere in the spec stand for their values.',
    markdownDescription:
      'Variables: `$width` and `$(2 * width)` anywhere in the spec stand for their values.\n\nExample: `{ width: 16, depth: 3 }`',
    type: 'object',
    propertyNames: { pattern: '^[A-Za-z_]\\w*$|^x-' },
  },
  blocks: {
    description: 'Lists of layers with parameters, which `layers` calls by name as if they were layer types.',
    type: 'object',
    additionalProperties: {
      type: 'object',
      additionalProperties: false,
      required: ['layers'],
      properties: {
        params: {
          description: 'The parameters with their defaults; one without a default is required.',
          type: 'object',
        },
        inputs: {
          description: 'The names of the inputs, if a call takes several. A single input is called `input`.',
          type: 'array',
          items: { type: 'string' },
        },
        layers: {
          description: 'The layers. The last one is the output of a call.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/definitions/layer' },
        },
      },
    },
  },
}

export const overrideSection: JsonMap = {
  override: {
    description: 'Options that are merged into layers, by the names that these have after expansion.',
    markdownDescription:
      'Options that are merged into layers, by the names that these have after expansion.\n\nExample: `{ head: { units: 20 } }`',
    type: 'object',
    additionalProperties: { type: ['object', 'null'] },
  },
}

/** A spec that extends another takes the layers from there, and an abstract one may lack its name as well. */
const requiredSections: JsonMap = {
  anyOf: [{ required: ['name', 'layers'] }, { required: ['name', 'extends'] }, { required: ['abstract'] }],
}

const repeatHelp: JsonMap = {
  description: 'Repeats its layers.',
  defaultSnippets: [{ label: 'repeat', body: { times: '${1:3}', layers: ['${2:flatten}'] } }],
}

const repeatSchema: JsonMap = {
  type: 'object',
  additionalProperties: false,
  required: ['layers'],
  properties: {
    times: { description: 'The number of iterations.', type: 'integer', minimum: 0 },
    over: { description: 'A list with a value for each iteration.', type: 'array' },
    as: {
      description: 'The name of the counter: the number of the iteration from 0 on, or its value of `over`.',
      type: 'string',
    },
    layers: { description: 'The layers of an iteration.', type: 'array', items: { $ref: '#/definitions/layer' } },
    name: { description: 'The name of its last layer.', type: 'string' },
    inputs: { description: 'The layer that feeds the first iteration.', type: 'string' },
    expect: { description: 'The output shape that you expect of the last iteration.', type: 'array' },
    if: { description: 'Whether it is included.', type: 'boolean' },
  },
}

/** The text of a reference. A value with the tag `!remove` is an empty text for editors. */
const isReference = '^(\\$|$)'

/** Adds what a list of layers may contain besides layers: repeats, calls of blocks, and conditions. */
function addCalls(definitions: JsonMap): JsonMap {
  const conditions = Object.entries(definitions).map(([name, definition]): [string, Json] => {
    const { properties, ...others } = asMap(definition)
    if (!name.endsWith('Layer')) return [name, definition]
    const condition = { description: 'Whether the layer is included.', type: 'boolean' }
    return [name, { ...others, properties: { ...asMap(properties), if: condition } }]
  })
  const { anyOf, ...layer } = asMap(definitions['layer'])
  const [names, types] = (anyOf as readonly Json[]).map(asMap)
  const call: JsonMap = { description: 'The options of a call, or nothing.', type: ['object', 'null'] }
  const choices = {
    ...types!,
    properties: { ...asMap(types!['properties']), repeat: { ...repeatHelp, anyOf: [repeatSchema] } },
    additionalProperties: call,
  }
  const block: JsonMap = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]*$', doNotSuggest: true }
  return { ...(Object.fromEntries(conditions) as JsonMap), layer: { ...layer, anyOf: [names!, choices, block] } }
}

function addSections(schema: JsonMap): JsonMap {
  const { name, ...others } = asMap(schema['properties'])
  return {
    ...schema,
    allOf: [requiredSections],
    properties: { name: name!, ...composingSections, ...others, ...overrideSection },
    definitions: { ...addCalls(asMap(schema['definitions'])), reference: { type: 'string', pattern: isReference } },
  }
}

function addSweep(schema: JsonMap): object {
  return { ...schema, properties: { ...asMap(schema['properties']), sweep: explain(sweepSection) } }
}

/** Keys of a schema whose values are schemas of values in a spec. */
const schemaKeys: ReadonlySet<string> = new Set([
  'anyOf',
  'allOf',
  'items',
  'definitions',
  'properties',
  'additionalProperties',
])

/** Lets each value and each item of a list be a reference or an expression. */
function acceptReferences(schema: Json, isMap = false): Json {
  if (Array.isArray(schema)) return (schema as readonly Json[]).map((one) => acceptReferences(one))
  if (schema === null || typeof schema !== 'object') return schema
  const entries = Object.entries(schema as JsonMap).map(([key, part]): [string, Json] => {
    if (isMap || !schemaKeys.has(key)) return [key, isMap ? acceptReferences(part) : part]
    const inside = acceptReferences(part, key === 'properties' || key === 'definitions')
    if (key === 'properties') {
      return [key, Object.fromEntries(Object.entries(asMap(inside)).map(([name, one]) => [name, orReference(one)]))]
    }
    return [key, key === 'items' || key === 'additionalProperties' ? orReference(inside) : inside]
  })
  return Object.fromEntries(entries) as JsonMap
}

const referenceSchema: JsonMap = { $ref: '#/definitions/reference' }

/**
 * A schema that a reference matches as well. Where its type says it all, the type becomes a choice of two, since servers show
 * the help of a schema better than that of its alternatives.
 */
function orReference(schema: Json): Json {
  const { type, pattern, enum: words, anyOf, $ref, ...others } = asMap(schema)
  if (type === 'string' && pattern === undefined && words === undefined) return schema
  if (typeof type === 'string' && typeof pattern === 'string')
    return { ...others, type, pattern: `${pattern}|${isReference}` }
  if (Array.isArray(anyOf)) return { ...others, anyOf: [...(anyOf as readonly Json[]), referenceSchema] }
  if ($ref !== undefined) return { ...others, anyOf: [{ $ref }, referenceSchema] }
  if (words !== undefined) return { ...others, anyOf: [{ enum: words, ...defaultOnly(others) }, referenceSchema] }
  if (typeof type !== 'string') return schema
  const patternErrorMessage = `Expected "${type}", or a reference such as $width.`
  return { ...asMap(schema), type: [type, 'string'], pattern: isReference, patternErrorMessage }
}

/** Drops the description from an alternative's Markdown, because language servers show it once for all alternatives. */
function defaultOnly({ description = '', markdownDescription = '' }: JsonMap): JsonMap {
  const rest = String(markdownDescription).slice(String(description).length).trim()
  return rest === '' ? {} : { markdownDescription: rest }
}

/** Gives each layer a snippet of its required options; a layer without any is offered as a bare name. */
function completeLayers(choice: JsonMap, definitions: JsonMap): JsonMap {
  const [names, map] = choice['anyOf'] as readonly JsonMap[]
  const bare = new Set(names!['enum'] as readonly string[])
  const properties = Object.entries(asMap(map!['properties'])).map(([type, stated]) => {
    const reference = asMap(stated)
    const definition = asMap(definitions[`${type}Layer`])
    if (bare.has(type)) return [type, { ...reference, doNotSuggest: true }]
    // Wrapped in `anyOf`, since the server would create its own snippet for a schema that is directly a map.
    const snippets = [{ label: type, body: requiredBody(definition) }]
    const help = {
      description: definition['description'] ?? '',
      defaultSnippets: snippets,
    }
    return [type, { ...help, anyOf: [withoutDescription(reference)] }]
  })
  return { ...choice, anyOf: [names!, { ...map!, properties: Object.fromEntries(properties) as JsonMap }] }
}

function withoutDescription({ description: _shown, ...rest }: JsonMap): JsonMap {
  return rest
}

/** The required fields with their examples; scalars become numbered tab stops. */
function requiredBody(definition: JsonMap): JsonMap {
  const properties = asMap(definition['properties'])
  const required = (definition['required'] ?? []) as readonly string[]
  const entries = required.map((key, index) => {
    const [example = ''] = (asMap(properties[key])['examples'] ?? []) as readonly Json[]
    return [key, typeof example === 'object' ? example : `\${${index + 1}:${String(example)}}`]
  })
  return Object.fromEntries(entries) as JsonMap
}
