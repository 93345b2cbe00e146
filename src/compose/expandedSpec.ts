/**
 * Prints the plain spec that a composed one expands to. Sections are on one line if they fit, layers always, and comments name
 * the lines where values were written.
 */
import type { Path } from '../diagnostics/diagnostic.ts'
import { FileLines } from '../diagnostics/positions.ts'
import { yamlText } from '../source/edits.ts'
import type { SourceDocument } from '../source/source.ts'

const longestLine = 110

/** @param isExplained Whether each layer, and each value of a reference, has a comment with its origin. */
export function printExpanded(source: SourceDocument, isExplained = true): string {
  const lines = new FileLines(source.file, source.text, source.otherTexts)
  const originOf = (path: Path): string => (isExplained ? describeOrigin(source, lines, path) : '')
  const isReplaced = (path: Path) => (source.usesOf(path)?.chains.length ?? 0) > 0
  const missing = new Set(source.unknown.flatMap(([key, ...inner]) => (inner.length === 0 ? [key] : [])))
  const entries = Object.entries(source.value as object).filter(([key]) => !missing.has(key))
  if (source.completeness === 'abstract') entries.unshift(['abstract', true])
  return printSpec(Object.fromEntries(entries), (path) =>
    path[0] === 'layers' || isReplaced(path) ? originOf(path) : '',
  )
}

/** @param commentOf The text after the value at a path. */
export function printSpec(spec: unknown, commentOf: (path: Path) => string = () => ''): string {
  return Object.entries(spec as Readonly<Record<string, unknown>>)
    .map(([key, value]) => {
      if (key === 'layers' && Array.isArray(value)) {
        const items = value.map((item, index) => `  - ${printItem(item)}${commentOf([key, index])}\n`)
        return `${key}:\n${items.join('')}`
      }
      return key.startsWith('x-') ? `${key}: ${yamlText(value)}\n` : printEntry(key, value, '', [key], commentOf)
    })
    .join('')
}

/** A layer on one line: `dense: { units: 10 }`. */
function printItem(item: unknown): string {
  const entries = item !== null && typeof item === 'object' && !Array.isArray(item) ? Object.entries(item) : []
  if (entries.length !== 1) return printValue(item)
  const [key, options] = entries[0]!
  return `${yamlText(key)}: ${printValue(options)}`
}

function printEntry(
  key: string,
  value: unknown,
  indent: string,
  path: Path,
  commentOf: (path: Path) => string,
): string {
  const line = `${indent}${yamlText(key)}: ${printValue(value)}`
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value)
  if (line.length <= longestLine || !isMap) return `${line}${commentOf(path)}\n`
  const entries = Object.entries(value).map(([inner, one]) =>
    printEntry(inner, one, `${indent}  `, [...path, inner], commentOf),
  )
  return `${indent}${yamlText(key)}:\n${entries.join('')}`
}

/** Prints a value so that it is read as the same again: a `$` at the beginning of a text is doubled. */
function printValue(value: unknown): string {
  return yamlText(escapeDollars(value))
}

function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? `$${value}` : value
  if (Array.isArray(value)) return value.map(escapeDollars)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key.startsWith('x-') ? inner : escapeDollars(inner)]),
  )
}

/** A comment such as ` # line 12, from line 20, from line 31`: where the value was written, and the calls that led to it. */
function describeOrigin(source: SourceDocument, lines: FileLines, path: Path): string {
  const spans = [source.locateKey(path), ...(source.usesOf(path)?.chains[0] ?? []).map(({ span }) => span)]
  const places = spans.map((span) => {
    const { line } = lines.range(span).start
    return span.file === undefined ? `line ${line}` : `${span.file}:${line}`
  })
  return ` # ${places.filter((place, index) => place !== places[index - 1]).join(', from ')}`
}
