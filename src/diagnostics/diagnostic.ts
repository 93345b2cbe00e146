/**
 * What every phase reports. A diagnostic is data: a code of a closed union, a sentence, the place of the mistake as
 * offsets into the text, notes on other places, and fixes as text edits. Lines and columns are computed when rendering.
 */
import type { DiagnosticCode, Severity } from './codes.ts'
import { formatCount } from './formatCount.ts'

export type { Severity }

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

/**
 * A `rewrite` keeps the meaning: what is written has one meaning in Keras, PyTorch or TensorFlow.js, or the change is
 * one of syntax. A `suggestion` may change it: a shape, another part, a guess.
 */
export type FixKind = 'rewrite' | 'suggestion'

/** A change that removes the mistake. It is offered only after the changed spec was checked. */
export interface Fix {
  readonly kind: FixKind
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
  /** Whether it is within what another problem’s fix inserts: it is reported once that is fixed. */
  readonly follows?: boolean
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

/** The way back from an edited text to the text before. */
export interface WayBack {
  /** Where a span was before; of inserted text, what that took the place of. */
  span(span: Span): Span
  /** Whether a change of the span can be made in the text before: it covers all of an inserted text, or nothing of it. */
  isExact(span: Span): boolean
}

export const noWay: WayBack = { span: (span) => span, isExact: () => true }

export function undoEdits(edits: readonly TextEdit[], before: WayBack = noWay): WayBack {
  let shift = 0
  const ordered = edits
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ span, newText }) => {
      const start = span.start + shift
      shift += newText.length - (span.end - span.start)
      return { span, start, end: start + newText.length, shift }
    })
  /** The last edit that begins before the offset: only that can hold it. */
  const editBefore = (offset: number, isEnd: boolean) => {
    let [low, high] = [0, ordered.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const { start } = ordered[middle]!
      if (start < offset || (!isEnd && start === offset)) low = middle + 1
      else high = middle
    }
    return ordered[low - 1]
  }
  const undo = (offset: number, isEnd: boolean): number => {
    const edit = editBefore(offset, isEnd)
    if (edit === undefined) return offset
    if (offset < edit.end || (isEnd && offset === edit.end)) return isEnd ? edit.span.end : edit.span.start
    return offset - edit.shift
  }
  const isInside = (offset: number): boolean => {
    const edit = editBefore(offset, true)
    return edit !== undefined && offset < edit.end
  }
  const back = ({ start, end }: Span): Span => ({
    start: undo(start, false),
    end: Math.max(undo(start, false), undo(end, true)),
  })
  return {
    span: (span) => before.span(back(span)),
    isExact: (span) => !isInside(span.start) && !isInside(span.end) && before.isExact(back(span)),
  }
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
