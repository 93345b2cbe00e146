/**
 * Completion: the keys and words that the schema allows at the cursor, the layers that accept the shape there, and the names of
 * the spec: blocks, variables, layers, files.
 */
import { parseSource } from '../source/source.ts'
import { isDiagnosticCode } from '../diagnostics/codes.ts'
import { summaryOf } from '../diagnostics/summaries.ts'
import type { Path, Span } from '../diagnostics/diagnostic.ts'
import { itemPathOf, placeAt, startOfLine, writtenKeys, writtenValue } from './cursor.ts'
import type { Choice, CompletionItem, Cursor } from './completionItem.ts'
import { completeFiles } from './fileCompletion.ts'
import { completeLayers, namesOfBlocks, optionsOfCall } from './layerCompletion.ts'
import {
  completeExpression,
  completeNames,
  completeOverridden,
  completeVariables,
  completeWeighted,
} from './nameCompletion.ts'
import { keysAt, wordsAt } from './schemaAt.ts'
import { schemaPathOf } from './schemaPath.ts'
import { openSpec } from './openSpec.ts'
import type { SpecDocument } from './specDocument.ts'

export function completionsAt(document: SpecDocument, offset: number): readonly CompletionItem[] {
  const lineStart = startOfLine(document.text, offset)
  const line = document.text.slice(lineStart, offset)
  if (/(^|\s)#/.test(line) || /[^\s"'-]:$/.test(line)) return []
  const prefix = /\$?[\w./-]*$/.exec(line.replace(/^\s*-\s/, (dash) => ' '.repeat(dash.length)))![0]
  const span = { start: offset - prefix.length, end: offset }
  const cursor = findCursor(document, span, line)
  return cursor === undefined ? [] : choicesAt(cursor, prefix).map((choice) => ({ ...choice, span }))
}

/** A word that no spec contains. */
const marker = 'cursorIsHere'

function findCursor(document: SpecDocument, { start, end }: Span, line: string): Cursor | undefined {
  const { text, file, options } = document
  const before = line.slice(0, line.length - (end - start)).trim()
  const after = /^[^\r\n]*/.exec(text.slice(end))![0].trim()
  // A word alone on its line is a key that has no colon yet.
  const word = before === '' && after === '' ? `${marker}:` : marker
  const { source } = parseSource(text.slice(0, start) + word + text.slice(end), file)
  const place = placeAt(source, start + 1)
  if (place === undefined) return undefined
  // The key of the cursor may be in quotes, and go on after it.
  const hasColon = /^[\w./*-]*["']?\s*:(\s|$)/.test(after)
  const form = before === '' || before === '-' ? 'block' : 'flow'
  // A text that cannot be parsed has no shapes, but without the line of the cursor it often has.
  const isBroken = document.analysis.source.written.value === null
  const known = isBroken ? openSpec(withoutLine(text, start), file, options) : document
  return { document: known, source, place, typed: text.slice(start, end), form, hasColon }
}

/** Replaces the line of an offset by spaces, so that the other offsets stay. */
function withoutLine(text: string, offset: number): string {
  const start = startOfLine(text, offset)
  const found = text.indexOf('\n', offset)
  const end = found < 0 ? text.length : found
  return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end)
}

function choicesAt(cursor: Cursor, prefix: string): readonly Choice[] {
  const { place } = cursor
  if (place.role === 'key') return completeKeys(cursor, place.path.slice(0, -1))
  if (prefix.startsWith('$')) return completeVariables(cursor)
  if (place.word.startsWith('$(')) return completeExpression(cursor)
  const item = itemPathOf(place.path)
  if (item?.length === place.path.length) return completeLayers(cursor)
  const named = [...completeNames(cursor), ...completeFiles(cursor)]
  const words = completeWords(cursor)
  const keys = cursor.form === 'block' ? completeKeys(cursor, place.path) : completeParts(cursor)
  return [...named, ...words, ...keys]
}

/** The keys that the map at a path does not have yet. */
function completeKeys({ source, document, form, hasColon }: Cursor, path: Path): readonly Choice[] {
  const item = itemPathOf(path)
  const present = writtenKeys(source, path)
  const end = hasColon ? '' : ': '
  if (path.length === 1 && path[0] === 'override') {
    return completeOverridden(document)
      .filter(({ label }) => !present.includes(label))
      .map((choice) => ({ ...choice, snippet: `${choice.snippet}${end}` }))
  }
  if (path.length === 1 && (path[0] === 'trainable' || path[0] === 'learningRates')) {
    return completeWeighted(document)
      .filter(({ label }) => !present.includes(label))
      .map((choice) => ({ ...choice, snippet: `${choice.snippet}${end}` }))
  }
  if (item !== undefined && path.length === item.length) {
    const types = [...keysAt(item).map(({ key }) => key), ...namesOfBlocks(document)]
    return types.map((label) => ({ label, kind: 'layer', snippet: `${label}${end}` }))
  }
  const call =
    item !== undefined && path.length === item.length + 1 ? optionsOfCall(document, String(path.at(-1))) : undefined
  const isOverride = path[0] === 'override'
  const known = call ?? keysAt(schemaPathOf(document, path))
  return known
    .filter(({ key }) => !present.includes(key) && !(isOverride && key === 'name'))
    .map(({ key, schema, isRequired }) => {
      const help = schema.markdownDescription ?? schema.description
      const isMap = form === 'block' && [schema.type].flat().includes('object') && schema.properties !== undefined
      return {
        label: key,
        kind: 'key',
        snippet: isMap && !hasColon ? `${key}:\n  ` : `${key}${end}`,
        ...(help !== undefined && { help }),
        ...(isRequired && !isOverride && { detail: 'required', isLikely: true }),
      }
    })
}

/** The words that a value may be, and the number of classes for the units of the last layer. */
function completeWords(cursor: Cursor): readonly Choice[] {
  const { document, place } = cursor
  const reported = new Set<string>(document.analysis.diagnostics.map(({ code }) => code))
  const words = wordsAt(schemaPathOf(document, place.path)).map(({ word, help }): Choice => {
    const summary = isDiagnosticCode(word) ? summaryOf(word) : undefined
    return { label: word, kind: 'word', snippet: word, help: help ?? summary, isLikely: reported.has(word) }
  })
  return [...completeUnits(cursor), ...words]
}

/** The number of classes of the dataset, which the last layer usually has as its units. */
function completeUnits({ document, source, place: { path } }: Cursor): readonly Choice[] {
  const { facts, dataset } = document.analysis.spec
  const layers = writtenValue(source, ['layers'])
  const isLast = Array.isArray(layers) && path[0] === 'layers' && path[1] === layers.length - 1
  if (path.at(-1) !== 'units' || facts?.classes === undefined || !isLast) return []
  const word = String(facts.classes)
  return [
    {
      label: word,
      kind: 'word',
      snippet: word,
      detail: `the classes of ${dataset?.type ?? 'the dataset'}`,
      isLikely: true,
    },
  ]
}

/** Parts with options, such as an optimizer, in braces: `{ adam: { learningRate: 0.001 } }`. */
function completeParts({ document, place }: Cursor): readonly Choice[] {
  const path = schemaPathOf(document, place.path)
  const words = new Set(wordsAt(path).map(({ word }) => word))
  return keysAt(path).flatMap(({ key, schema }): Choice[] => {
    if (words.has(key)) return []
    return [
      {
        label: key,
        kind: 'key',
        snippet: `{ ${key}: { $1 } }`,
        help: schema.markdownDescription ?? schema.description,
      },
    ]
  })
}
