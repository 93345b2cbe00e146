/** Changes of a spec as text edits that keep its comments and layout. Each returns undefined if the text has no place for it. */
import { isMap, isScalar, isSeq } from 'yaml'
import type { Fix, Path, TextEdit } from '../diagnostics/diagnostic.ts'
import { spanOf, type SourceDocument } from './source.ts'

/** A word, or an expression without characters that have a meaning in YAML. */
const plainWord = /^([A-Za-z_][A-Za-z0-9_./-]*|\$\([\w.()+*/ -]+\))$/
const reserved = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'])

/** Formats a value as YAML on one line. */
export function yamlText(value: unknown): string {
  if (typeof value === 'string')
    return plainWord.test(value) && !reserved.has(value.toLowerCase()) ? value : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(yamlText).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    if (Object.keys(value).length === 0) return '{}'
    return `{ ${Object.entries(value)
      .map(([key, item]) => `${yamlText(key)}: ${yamlText(item)}`)
      .join(', ')} }`
  }
  return String(value)
}

/**
 * Computes edits of what is written at `path`. For a value in a file that the spec extends, they are computed for the document
 * of that file, and name it.
 */
function editWritten(
  source: SourceDocument,
  path: Path,
  compute: (document: SourceDocument, path: Path) => TextEdit[] | undefined,
): TextEdit[] | undefined {
  const place = source.writtenAt(path)
  if (place === undefined || place.document.file === source.file) return compute(source, path)
  const edits = compute(place.document, place.path)
  return edits && editsIn(place.document.file, edits)
}

/** As `editWritten`, for fixes. */
export function fixWritten(
  source: SourceDocument,
  path: Path,
  compute: (document: SourceDocument, path: Path) => Fix[],
): Fix[] {
  const place = source.writtenAt(path)
  if (place === undefined || place.document.file === source.file) return compute(source, path)
  const fixes = compute(place.document, place.path)
  return fixes.map((fix) => ({ ...fix, edits: editsIn(place.document.file, fix.edits) }))
}

function editsIn(file: string, edits: readonly TextEdit[]): TextEdit[] {
  return edits.map(({ span, newText }) => ({ span: { ...span, file }, newText }))
}

/** Renames the key at `path`; for a bare word in a list (`- Flatten`), replaces the word. */
export function renameKey(source: SourceDocument, path: Path, word: string): TextEdit[] | undefined {
  return editWritten(source, path, (document, place) => renameWritten(document, place, word))
}

function renameWritten(source: SourceDocument, path: Path, word: string): TextEdit[] | undefined {
  const key = source.pairAt(path)?.key
  const span = spanOf(isScalar(key) ? key : source.nodeAt(path))
  return span && [{ span, newText: yamlText(word) }]
}

export function setValue(source: SourceDocument, path: Path, value: unknown): TextEdit[] | undefined {
  return editWritten(source, path, (document, place) => setWritten(document, place, value))
}

function setWritten(source: SourceDocument, path: Path, value: unknown): TextEdit[] | undefined {
  const node = source.nodeAt(path)
  const span = spanOf(node)
  if (span && span.end > span.start) return [{ span, newText: yamlText(value) }]
  return addEntry(source, path.slice(0, -1), String(path.at(-1)), value)
}

/** Adds a key after the last key of the map at `path`. */
export function addEntry(source: SourceDocument, path: Path, key: string, value: unknown): TextEdit[] | undefined {
  return addEntries(source, path, [`${yamlText(key)}: ${yamlText(value)}`])
}

/** Adds entries, given as text, after the last entry of the map at `path`. */
export function addEntries(source: SourceDocument, path: Path, entries: readonly string[]): TextEdit[] | undefined {
  return editWritten(source, path, (document, place) => addWritten(document, place, entries))
}

function addWritten(source: SourceDocument, path: Path, entries: readonly string[]): TextEdit[] | undefined {
  const map = source.nodeAt(path)
  if (!isMap(map)) return undefined
  const last = map.items.at(-1)
  const lastSpan = spanOf(last?.value) ?? spanOf(last?.key)
  if (last === undefined || lastSpan === undefined) {
    const span = spanOf(map)
    return span && map.flow ? [{ span, newText: `{ ${entries.join(', ')} }` }] : undefined
  }
  const at = isEmptyNode(last.value)
    ? (spanOf(last.key)?.end ?? lastSpan.end) + (source.text[spanOf(last.key)?.end ?? 0] === ':' ? 1 : 0)
    : trimmedEnd(source.text, lastSpan.start, lastSpan.end)
  if (map.flow) return [{ span: { start: at, end: at }, newText: `, ${entries.join(', ')}` }]
  const firstKey = spanOf(map.items[0]?.key)
  if (firstKey === undefined) return undefined
  const afterComment = at + commentAfter(source.text, at)
  const lineStart = lineBreakOf(source.text) + ' '.repeat(columnOf(source.text, firstKey.start))
  return [{ span: { start: afterComment, end: afterComment }, newText: lineStart + entries.join(lineStart) }]
}

/**
 * Moves the entries after the first of the block map at `path`, which belong under the first, there: indents their lines,
 * or, if the first already has a value, moves the entries into that map.
 */
export function nestUnderFirst(source: SourceDocument, path: Path): TextEdit[] | undefined {
  return editWritten(source, path, nestWritten)
}

function nestWritten(source: SourceDocument, path: Path): TextEdit[] | undefined {
  const map = source.nodeAt(path)
  const [first, ...rest] = isMap(map) ? map.items : []
  const start = spanOf(rest[0]?.key)?.start
  if (!isMap(map) || map.flow || start === undefined || !isScalar(first?.key)) return undefined
  if (isEmptyNode(first.value)) {
    const lineStarts = [...source.text.slice(start, spanOf(map)?.end).matchAll(/\n(?=[^\r\n])/g)]
    return [start, ...lineStarts.map(({ index }) => start + index + 1)].map((at) => insertAt(at, '  '))
  }
  const entries = rest.flatMap(({ key, value }) =>
    isScalar(key) && isScalar(value) ? [`${yamlText(String(key.value))}: ${yamlText(value.value)}`] : [],
  )
  const added = addEntries(source, [...path, String(first.key.value)], entries)
  const end = spanOf(rest.at(-1)?.value)?.end
  if (entries.length < rest.length || added === undefined || end === undefined) return undefined
  return [...added, removeLines(source, start, end)]
}

export function removeEntry(source: SourceDocument, path: Path): TextEdit[] | undefined {
  return editWritten(source, path, removeWritten)
}

function removeWritten(source: SourceDocument, path: Path): TextEdit[] | undefined {
  const map = source.nodeAt(path.slice(0, -1))
  const pair = source.pairAt(path)
  if (!isMap(map) || pair === undefined || !map.items.includes(pair)) return undefined
  const key = spanOf(pair.key)
  const value = spanOf(pair.value)
  if (key === undefined) return undefined
  const index = map.items.indexOf(pair)
  const end = trimmedEnd(source.text, key.start, Math.max(key.end, value?.end ?? 0))
  if (map.flow) {
    const whole = spanOf(map)
    if (map.items.length === 1) return whole && [{ span: whole, newText: '{}' }]
    const next = spanOf(map.items[index + 1]?.key)
    if (next) return [{ span: { start: key.start, end: next.start }, newText: '' }]
    const previous = map.items[index - 1]
    const start = spanOf(previous?.value)?.end ?? spanOf(previous?.key)?.end
    return [{ span: { start: start ?? key.start, end }, newText: '' }]
  }
  if (map.items.length === 1) return undefined
  const next = spanOf(map.items[index + 1]?.key)
  const lineStart = source.text.lastIndexOf('\n', key.start - 1)
  const hasOwnLine = lineStart >= 0 && source.text.slice(lineStart, key.start).trim() === ''
  if (next && !hasOwnLine) return [{ span: { start: key.start, end: next.start }, newText: '' }]
  return [removeLines(source, key.start, end + commentAfter(source.text, end))]
}

/** Inserts a list item, on a line of its own in block style, before the item at `path`. */
export function insertItemBefore(source: SourceDocument, path: Path, item: unknown): TextEdit[] | undefined {
  const written = source.writtenAt(path)
  if (written === undefined) return undefined
  const { document, path: place } = written
  const edits = insertWritten(document, place, item)
  return document.file === source.file ? edits : edits && editsIn(document.file, edits)
}

function insertWritten(source: SourceDocument, path: Path, item: unknown): TextEdit[] | undefined {
  const list = source.nodeAt(path.slice(0, -1))
  const index = path.at(-1)
  if (!isSeq(list) || typeof index !== 'number') return undefined
  const span = spanOf(list.items[index])
  if (span === undefined) return undefined
  if (list.flow) {
    const properties = /(?:[&!][^\s,[\]{}]*\s+)*$/.exec(source.text.slice(0, span.start))![0]
    return [insertAt(span.start - properties.length, `${yamlText(item)}, `)]
  }
  const column = columnOf(source.text, spanOf(list)!.start)
  const dash = dashBefore(source.text, span.start, column)
  if (dash === undefined) return undefined
  const indent = ' '.repeat(column)
  return [{ span: { start: dash, end: dash }, newText: `- ${blockText(item)}${lineBreakOf(source.text)}${indent}` }]
}

/** The offset of the dash of the item that begins at `offset`, in a list whose dashes are in `column`. */
function dashBefore(text: string, offset: number, column: number): number | undefined {
  let lineStart = text.lastIndexOf('\n', offset - 1) + 1
  while (text[lineStart + column] !== '-') {
    if (lineStart === 0) return undefined
    lineStart = text.lastIndexOf('\n', lineStart - 2) + 1
  }
  return lineStart + column
}

/** Formats a map with one key as a list item: `dense: { units: 10 }`. */
function blockText(item: unknown): string {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return yamlText(item)
  return Object.entries(item)
    .map(([key, value]) => `${yamlText(key)}: ${yamlText(value)}`)
    .join(', ')
}

/** Removes whole lines up to `end`, with the line break before them. */
function removeLines(source: SourceDocument, start: number, end: number): TextEdit {
  const lineStart = source.text.lastIndexOf('\n', start - 1)
  const from = source.text[lineStart - 1] === '\r' ? lineStart - 1 : lineStart
  return { span: { start: from, end }, newText: '' }
}

/** The length of the comment at the end of the line, with the space before it; 0 without a comment. */
function commentAfter(text: string, offset: number): number {
  return /^[ \t]*(#[^\r\n]*)?/.exec(text.slice(offset))![0].trimEnd().length
}

function insertAt(offset: number, newText: string): TextEdit {
  return { span: { start: offset, end: offset }, newText }
}

export function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

function isEmptyNode(node: unknown): boolean {
  const span = spanOf(node)
  return span === undefined || span.end === span.start
}

function trimmedEnd(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}
