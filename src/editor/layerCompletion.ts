/** Completes the items of a list of layers: layer types that accept the shape at the cursor, blocks and `repeat`. */
import { callKeys } from '../compose/blocks.ts'
import { formatShape, type Shape } from '../language/dims.ts'
import type { LayerDef } from '../language/layerDef.ts'
import { resolveOptions } from '../language/schema.ts'
import { isLayerType, layerDef } from '../parts/layers/table.ts'
import { paramsOfBlocks } from './blocks.ts'
import type { Choice, Cursor } from './completionItem.ts'
import { typeSpan } from './cursor.ts'
import { keysAt, wordsAt, type KeyChoice, type Schema } from './schemaAt.ts'
import type { SpecDocument } from './specDocument.ts'

export function completeLayers(cursor: Cursor): readonly Choice[] {
  const { document, place, form } = cursor
  const input = inputShapeAt(cursor)
  const isWrapped = form === 'flow'
  const bare = new Map(wordsAt(place.path).map(({ word, help }) => [word, help]))
  const typed = new Map(keysAt(place.path).map(({ key, schema }) => [key, schema]))
  const types = [...new Set([...bare.keys(), ...typed.keys()])]
  const layers = types.flatMap((type): Choice[] => {
    const output = isLayerType(type) && input !== undefined ? outputOf(layerDef(type), input) : undefined
    if (output === 'refused') return []
    const schema = typed.get(type)
    const detail =
      output === undefined || input === undefined ? undefined : `${formatShape(input)} → ${formatShape(output)}`
    const help = bare.get(type) ?? schema?.markdownDescription ?? schema?.description
    const snippet = bare.has(type) ? type : snippetOf(type, schema, isWrapped)
    return [{ label: type, kind: 'layer', snippet, detail, help }]
  })
  const blocks = namesOfBlocks(document).map((name): Choice => {
    const required = (optionsOfCall(document, name) ?? []).filter(({ isRequired }) => isRequired)
    const options = required.map(({ key }, index) => `${key}: \${${index + 1}}`).join(', ')
    const call = options === '' ? name : wrap(`${name}: { ${options} }`, isWrapped)
    return { label: name, kind: 'block', snippet: call, detail: 'block of this spec', isLikely: true }
  })
  return [...blocks, ...layers]
}

/** The shape that the layer at the cursor would get; undefined if it is not known or differs between uses. */
function inputShapeAt({ document, source, place: { path } }: Cursor): Shape | undefined {
  const [list, index] = [path.slice(0, -1), Number(path.at(-1))]
  if (index === 0)
    return list.length === 1 ? document.analysis.shaped.nodes.find(({ implied }) => implied)?.shape : undefined
  const before = typeSpan(source, [...list, index - 1])?.start
  const uses = before === undefined ? [] : (document.items.get(before)?.uses ?? [])
  const shapes = new Map(uses.map((nodes) => [formatShape(nodes.at(-1)!.shape), nodes.at(-1)!.shape]))
  return shapes.size === 1 ? [...shapes.values()][0] : undefined
}

/** The output shape with the options of the example; undefined for layers that take several inputs. */
function outputOf(definition: LayerDef, input: Shape): Shape | 'refused' | undefined {
  if (definition.arity.least === 0) return 'refused'
  if (definition.arity.least > 1) return undefined
  const options = resolveOptions(definition.schema, { ...examplesOf(definition), ...definition.example })
  const result = definition.shape(options, [input])
  return result.ok ? result.value : 'refused'
}

/** An example of each required option. */
function examplesOf({ schema }: LayerDef): Readonly<Record<string, unknown>> {
  const fields = schema.properties as Readonly<Record<string, { readonly examples?: readonly unknown[] }>>
  return Object.fromEntries((schema.required ?? []).map((key) => [key, fields[key]?.examples?.[0]]))
}

function snippetOf(type: string, schema: Schema | undefined, isWrapped: boolean): string {
  const body = schema?.defaultSnippets?.[0]?.body
  const options = body === undefined ? '$1' : printBody(body)
  return wrap(`${type}: { ${options} }`, isWrapped)
}

/** Prints the body of a snippet, whose texts are tab stops already. */
function printBody(body: unknown): string {
  return Object.entries(body as object)
    .map(([key, value]) => `${key}: ${Array.isArray(value) ? `[${value.join(', ')}]` : String(value)}`)
    .join(', ')
}

function wrap(text: string, isWrapped: boolean): string {
  return isWrapped ? `{ ${text} }` : text
}

export function namesOfBlocks(document: SpecDocument): readonly string[] {
  return [...paramsOfBlocks(document).keys()]
}

/** What a call of a block accepts; undefined if there is no such block. */
export function optionsOfCall(document: SpecDocument, name: string): readonly KeyChoice[] | undefined {
  const stated = paramsOfBlocks(document).get(name)
  if (stated === undefined) return undefined
  const params = Object.entries(stated).map(([key, byDefault]): KeyChoice => {
    const description =
      byDefault === null
        ? `A parameter of \`${name}\`.`
        : `A parameter of \`${name}\`, ${JSON.stringify(byDefault)} by default.`
    return { key, schema: { description }, isRequired: byDefault === null }
  })
  return [
    ...params,
    ...keysAt(['layers', 0, 'flatten']).filter(({ key }) => (callKeys as readonly string[]).includes(key)),
  ]
}
