/** Hover: the help of a key or a word, and what the checker proved about it. */
import { countOf } from '../diagnostics/formatCount.ts'
import { isDiagnosticCode } from '../diagnostics/codes.ts'
import { summaryOf } from '../diagnostics/summaries.ts'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { yamlText } from '../source/edits.ts'
import { paramsOfBlocks } from './blocks.ts'
import { itemPathOf, placeAt, typeSpan, type Place } from './cursor.ts'
import { definitionAt, layerUseAt, referencesAt } from './definitions.ts'
import { listValues, valuesOfReferences } from './expressionValues.ts'
import { describeChoice } from './layerChoiceHelp.ts'
import { describeLayer, describeLayers } from './layerFacts.ts'
import { optionsOfCall } from './layerCompletion.ts'
import { helpAt, wordsAt } from './schemaAt.ts'
import { schemaPathOf } from './schemaPath.ts'
import type { SpecDocument } from './specDocument.ts'

export interface Hover {
  readonly span: Span
  readonly markdown: string
}

export function hoverAt(document: SpecDocument, offset: number): Hover | undefined {
  const place = placeAt(document.analysis.source, offset)
  if (place === undefined) return undefined
  const parts = [
    ...describeItem(document, place),
    ...describeReference(document, place),
    ...describeLayerName(document, offset),
    ...describeChoice(document, place),
    ...describeDefinition(document, place),
    ...describeWord(document, place),
  ]
  return parts.length === 0 ? undefined : { span: place.span, markdown: parts.join('\n\n---\n\n') }
}

/** What an item of a list of layers became. */
function describeItem({ items }: SpecDocument, { span }: Pick<Place, 'span'>): string[] {
  const item = items.get(span.start)
  if (item === undefined) return []
  const shown = item.uses
    .slice(0, 3)
    .map((nodes) => (nodes.length === 1 ? describeLayer(nodes[0]!) : describeLayers(nodes)))
  const more = item.uses.length > 3 ? [`and ${countOf(item.uses.length - 3, 'more use')}`] : []
  return [[...shown, ...more].join('\n\n')]
}

function describeReference(document: SpecDocument, { role, span, word }: Place): string[] {
  if (role !== 'value' || !word.startsWith('$')) return []
  const found = valuesOfReferences(document).get(span.start)
  return found === undefined ? [] : [`\`${word}\` is ${listValues(found.values.map((value) => `\`${value}\``))}`]
}

/** The layer that a name in `inputs`, `outputs` or `override` refers to. */
function describeLayerName(document: SpecDocument, offset: number): string[] {
  const { analysis } = document
  const use = layerUseAt(document, offset)
  if (use === undefined) return []
  const node = analysis.shaped.nodes.find(({ name }) => name === use.layer)
  // Of all uses of a layer in a block, this name is one.
  if (node !== undefined && use.layer !== use.name) return [describeLayer(node)]
  const definition = definitionAt(document, offset)
  const isHere = definition !== undefined && definition.file === undefined
  const path = isHere ? itemPathOf(placeAt(analysis.source, definition.start)?.path ?? []) : undefined
  const type = path && typeSpan(analysis.source, path)
  if (type !== undefined) return describeItem(document, { span: type })
  return node === undefined ? [] : [describeLayer(node)]
}

/** A variable or a block, with the number of its uses. */
function describeDefinition(document: SpecDocument, { role, path, span }: Place): string[] {
  const [section, name] = path
  if (role !== 'key' || path.length !== 2 || (section !== 'vars' && section !== 'blocks')) return []
  const uses = referencesAt(document, span.start, false).length
  return [`${section === 'vars' ? 'variable' : 'block'} \`${String(name)}\`, ${countOf(uses, 'use')}`]
}

/** The help of the schema; for a call, the parameters of its block. */
function describeWord(document: SpecDocument, { role, path, word }: Place): string[] {
  const item = itemPathOf(path)
  const isType = item !== undefined && path.length === item.length + (role === 'key' ? 1 : 0)
  const params = isType ? paramsOfBlocks(document).get(word) : undefined
  if (params !== undefined) return [`block \`${word}\` with the parameters \`${yamlText(params)}\``]
  const param = role === 'key' && item?.length === path.length - 2 ? paramOfCall(document, path) : undefined
  if (param !== undefined) return [param]
  if (isDiagnosticCode(word)) return [summaryOf(word)]
  const described = schemaPathOf(document, path)
  const help = role === 'key' ? helpAt(described) : wordsAt(described).find((choice) => choice.word === word)?.help
  return help === undefined ? helpOfBareWord(described, role) : [help]
}

function paramOfCall(document: SpecDocument, path: Path): string | undefined {
  const [type, key] = path.slice(-2).map(String)
  return optionsOfCall(document, type!)?.find((option) => option.key === key)?.schema.description
}

/** A value that is no choice of its own is explained by its key. */
function helpOfBareWord(path: Path, role: Place['role']): string[] {
  const help = role === 'value' && typeof path.at(-1) === 'string' ? helpAt(path) : undefined
  return help === undefined ? [] : [help]
}
