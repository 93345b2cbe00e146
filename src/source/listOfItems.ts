/** Fixes a list of items that is written as a map: `callbacks: { csvLog: {} }` instead of `callbacks: [{ csvLog: {} }]`. */
import { isMap, isScalar } from 'yaml'
import type { Fix, Path, Span, TextEdit } from '../diagnostics/diagnostic.ts'
import { spanOf, type SourceDocument } from './source.ts'

export function fixesOfItems(source: SourceDocument, path: Path): Fix[] {
  const map = source.nodeAt(path)
  const whole = spanOf(map)
  if (!isMap(map) || whole === undefined || map.anchor !== undefined) return []
  const entries = map.items.map(({ key, value }) => {
    const span = isScalar(key) && key.value !== '<<' ? spanOf(key) : undefined
    return (
      span && { ...span, end: Math.max(span.end, spanOf(value)?.end ?? 0), isBare: (spanOf(value)?.end ?? 0) === 0 }
    )
  })
  if (!entries.every((entry) => entry !== undefined)) return []
  const edits = map.flow === true ? inBrackets(source.text, whole, entries) : withDashes(source.text, whole, entries)
  return [{ kind: 'rewrite', title: 'write it as a list', edits }]
}

interface Entry extends Span {
  /** Whether the key has no value. */
  readonly isBare: boolean
}

function inBrackets(text: string, { start, end }: Span, entries: readonly Entry[]): TextEdit[] {
  const gaps = [start + 1, ...entries.map((entry) => entry.end)].map((from, index) => {
    const next = entries[index]
    const opening = index === 0 ? '[' : ''
    const closing = next === undefined ? ']' : ''
    const before = entries[index - 1]?.isBare === false ? ' }' : ''
    const after = next?.isBare === false ? '{ ' : ''
    const span = { start: index === 0 ? start : from, end: next?.start ?? end }
    // Without a comment, the space inside of the braces is not needed.
    const between = text.slice(from, next?.start ?? end - 1)
    return { span, newText: before + opening + (between.trim() === '' ? '' : between) + closing + after }
  })
  return gaps
}

/** Puts a dash before each key, and indents the other lines. */
function withDashes(text: string, { end }: Span, entries: readonly Entry[]): TextEdit[] {
  const [first] = entries
  const keys = new Set(entries.map(({ start }) => text.lastIndexOf('\n', start - 1) + 1))
  const lines = [...text.slice(first!.start, end).matchAll(/\n(?=[^\r\n])/g)].map(
    ({ index }) => first!.start + index + 1,
  )
  const indent = text.slice(text.lastIndexOf('\n', first!.start - 1) + 1, first!.start)
  /** Whether a line is a comment between the items. */
  const isOfList = (line: number) => text.startsWith(`${indent}#`, line)
  return [
    ...entries.map(({ start }) => insertAt(start, '- ')),
    ...lines.filter((line) => !keys.has(line) && !isOfList(line)).map((line) => insertAt(line, '  ')),
  ].toSorted((a, b) => a.span.start - b.span.start)
}

function insertAt(at: number, newText: string): TextEdit {
  return { span: { start: at, end: at }, newText }
}
