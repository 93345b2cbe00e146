/**
 * What every phase reports. A diagnostic is data: a code of a closed union, a sentence, the place of the mistake as
 * offsets into the text, notes on other places, and fixes as text edits. Lines and columns are computed when rendering.
 */
import type { DiagnosticCode } from './codes.ts'
import { formatCount } from './formatCount.ts'

export type Severity = 'error' | 'warning' | 'hint'

/** A piece of the spec's text, as offsets in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A step into the spec: the keys of maps and the indices of lists, from the root. */
export type Path = readonly (string | number)[]

export interface TextEdit {
  readonly span: Span
  readonly newText: string
}

/** A change that would mend the mistake. `compile` offers it only after it has checked the changed spec. */
export interface Fix {
  readonly title: string
  readonly edits: readonly TextEdit[]
}

export interface RelatedPlace {
  readonly message: string
  readonly span: Span
}

/** A place in the data, outside of the spec. */
export interface DataPlace {
  /** Its file, where it has one; a relative one begins in the working directory. */
  readonly file?: string
  /** Counted from 1, of a text. */
  readonly line?: number
  readonly message: string
}

/** What in the data a diagnostic is about. */
export interface Evidence {
  /** The first of the places. */
  readonly places: readonly DataPlace[]
  /** How many there are besides. */
  readonly more: number
}

export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly message: string
  readonly path: Path
  readonly span: Span
  readonly related: readonly RelatedPlace[]
  readonly evidence?: Evidence
  readonly help?: string
  readonly fixes: readonly Fix[]
}

/** `data/iris.csv:7: …`, which terminals and editors make a link of; and how many there are besides. */
export function tellEvidence({ places, more }: Evidence): string[] {
  const told = places.map(({ file, line, message }) => {
    const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]
    return [...place, message].join(': ')
  })
  return more === 0 ? told : [...told, `and ${formatCount(more)} more`]
}

/** A JSON pointer (RFC 6901), as the JSON output gives paths. */
export function toJsonPointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}

/** The text with the edits applied. Edits of one fix do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)
  const parts: string[] = []
  let rest = text.length
  for (const { span, newText } of ordered) {
    parts.push(text.slice(span.end, rest), newText)
    rest = span.start
  }
  return [...parts, text.slice(0, rest)].toReversed().join('')
}

/** The fixes that can be applied in one go: of those that touch the same text, the first. */
export function withoutOverlaps(fixes: readonly Fix[]): Fix[] {
  const all = fixes.flatMap((fix, order) => fix.edits.map(({ span }) => ({ span, order })))
  const dropped = new Set<number>()
  // Sorted by place, an edit can only touch what reaches furthest of those before it.
  let furthest: { end: number; order: number } | undefined
  for (const { span, order } of all.toSorted((a, b) => a.span.start - b.span.start || a.order - b.order)) {
    if (dropped.has(order)) continue
    if (furthest !== undefined && furthest.order !== order && span.start <= furthest.end) {
      dropped.add(Math.max(order, furthest.order))
      if (order > furthest.order) continue
    }
    if (furthest === undefined || span.end >= furthest.end || dropped.has(furthest.order))
      furthest = { end: span.end, order }
  }
  return fixes.filter((_fix, order) => !dropped.has(order))
}
