/**
 * The diagnostics that every phase reports, and text edits. A diagnostic is data: a code of a closed union, a sentence, the
 * span of the mistake as offsets into the text, notes on other places, and fixes as text edits. Rendering computes lines
 * and columns.
 */
import type { DiagnosticCode, Severity } from './codes.ts'
import { formatCount } from './formatCount.ts'

export type { Severity }

/** A range of a text, as offsets in UTF-16 code units; `end` is exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
  /** The file of the text, if it is not the spec: one that the spec extends, or `--set` for values given on the command line. */
  readonly file?: string
}

/** The name of the values of the command line as a text, in which diagnostics can point to one. */
export const settingsFile = '--set'

/** The texts of the files besides the spec that its spans lead to, by name: none in most specs. */
export const noOtherTexts: ReadonlyMap<string, string> = new Map()

/** The keys of maps and the indices of lists that lead from the root of a spec to a value. */
export type Path = readonly (string | number)[]

export interface TextEdit {
  readonly span: Span
  readonly newText: string
}

/**
 * A `rewrite` keeps the meaning: the original has only one meaning in Keras, PyTorch or TensorFlow.js, or only the syntax
 * changes. A `suggestion` may change the meaning: it changes a shape, uses another part or is a guess.
 */
export type FixKind = 'rewrite' | 'suggestion'

/** A change that removes the mistake. It is offered only if a check of the changed spec confirms that. */
export interface Fix {
  readonly kind: FixKind
  readonly title: string
  readonly edits: readonly TextEdit[]
}

export interface RelatedPlace {
  readonly message: string
  readonly span: Span
}

/** A place in the data, outside the spec. */
export interface DataPlace {
  /** The file, if there is one; relative to the working directory. */
  readonly file?: string
  /** The line in a text file, counted from 1. */
  readonly line?: number
  readonly message: string
}

/** The places in the data that a diagnostic is about. */
export interface Evidence {
  /** The first places. */
  readonly places: readonly DataPlace[]
  /** The number of further places. */
  readonly more: number
}

/**
 * How composition brought a mistake into the expanded spec: a block that is called fifty times has one mistake and not fifty.
 * The analysis merges the diagnostics of one origin, and then drops this.
 */
export interface Uses {
  /** The path in the spec as written; the path of the diagnostic is in the expanded spec. */
  readonly path: Path
  /** The calls and iterations that have the mistake; empty if it is not in a block or a repeat. */
  readonly users: ReadonlySet<object>
  /** The number of copies of what was written. */
  readonly copies: number
  /** For the first uses, the places from the origin to the outermost call. */
  readonly chains: readonly (readonly RelatedPlace[])[]
  /** For a value in a file that the spec extends: the places of `extends`, from that file to the spec. */
  readonly parents: readonly RelatedPlace[]
  /** For a value written as `$name`: the span of the reference, and of the text that it stands for. */
  readonly reference?: { readonly name: string; readonly span: Span; readonly definition: Span }
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
  /** Whether it is inside text that the fix of another problem inserts. It is reported once that problem is fixed. */
  readonly follows?: boolean
}

/** A diagnostic during the analysis of a composed spec. */
export interface TracedDiagnostic extends Diagnostic {
  readonly uses?: Uses
}

/** Formats places as `data/iris.csv:7: …`, which terminals and editors turn into links, and the number of further places. */
export function formatEvidence({ places, more }: Evidence): string[] {
  const lines = places.map(({ file, line, message }) => {
    const place = file === undefined ? [] : [line === undefined ? file : `${file}:${line}`]
    return [...place, message].join(': ')
  })
  return more === 0 ? lines : [...lines, `and ${formatCount(more)} more`]
}

/** Formats a path as a JSON pointer (RFC 6901), as in the JSON output. */
export function toJsonPointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}

/** Applies edits to a text. They must not overlap. */
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

/** The text of a spec, and the texts of the other files that its values come from, by name. */
export interface SpecTexts {
  readonly text: string
  readonly otherTexts: ReadonlyMap<string, string>
}

/** Applies edits to the texts of the files that their spans name. */
export function editTexts({ text, otherTexts }: SpecTexts, edits: readonly TextEdit[]): SpecTexts {
  const editsOf = (file: string | undefined) => edits.filter(({ span }) => span.file === file)
  return {
    text: applyEdits(text, editsOf(undefined)),
    otherTexts: new Map([...otherTexts].map(([file, one]) => [file, applyEdits(one, editsOf(file))])),
  }
}

/** Whether a fix changes nothing but the spec itself. */
export function isOfSpec({ edits }: Fix): boolean {
  return edits.every(({ span }) => span.file === undefined)
}

/** Compares two places: those in the spec come first, then those in each other file. */
export function comparePlaces(a: Span, b: Span): number {
  const [fileA, fileB] = [a.file ?? '', b.file ?? '']
  return fileA === fileB ? a.start - b.start : fileA < fileB ? -1 : 1
}

/** A text that is the same for equal spans. */
export function keyOfSpan({ file = '', start, end }: Span): string {
  return `${start}:${end} ${file}`
}

/** Maps spans of an edited text back to the text before the edits. */
export interface SpanMapping {
  /** Returns the original of a span; for inserted text, the span that it replaced. */
  span(span: Span): Span
  /** Whether a change of the span can be made in the original text: it covers each inserted text entirely or not at all. */
  isExact(span: Span): boolean
}

export const unchangedSpans: SpanMapping = { span: (span) => span, isExact: () => true }

export function undoEdits(edits: readonly TextEdit[], before: SpanMapping = unchangedSpans): SpanMapping {
  const files = new Set(edits.map(({ span }) => span.file))
  const undone = new Map([...files].map((file) => [file, undoInFile(edits.filter(({ span }) => span.file === file))]))
  const back = (span: Span): Span => {
    const one = undone.get(span.file)
    if (one === undefined) return span
    const start = one.undo(span.start, false)
    return { ...span, start, end: Math.max(start, one.undo(span.end, true)) }
  }
  return {
    span: (span) => before.span(back(span)),
    isExact: (span) => {
      const one = undone.get(span.file)
      const isCovered = one === undefined || (!one.isInside(span.start) && !one.isInside(span.end))
      return isCovered && before.isExact(back(span))
    },
  }
}

/** Maps offsets of one edited text back to the text before the edits. */
function undoInFile(edits: readonly TextEdit[]) {
  let shift = 0
  const ordered = edits
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ span, newText }) => {
      const start = span.start + shift
      shift += newText.length - (span.end - span.start)
      return { span, start, end: start + newText.length, shift }
    })
  /** The last edit that begins before the offset, the only one that can contain it. */
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
  return {
    undo(offset: number, isEnd: boolean): number {
      const edit = editBefore(offset, isEnd)
      if (edit === undefined) return offset
      if (offset < edit.end || (isEnd && offset === edit.end)) return isEnd ? edit.span.end : edit.span.start
      return offset - edit.shift
    },
    isInside(offset: number): boolean {
      const edit = editBefore(offset, true)
      return edit !== undefined && offset < edit.end
    },
  }
}

/** Selects fixes that can be applied together: of those that touch the same text, the first. */
export function withoutOverlaps(fixes: readonly Fix[]): Fix[] {
  const all = fixes.flatMap((fix, order) => fix.edits.map(({ span }) => ({ span, order })))
  const dropped = new Set<number>()
  // In order of position, an edit can only overlap the preceding edit that reaches furthest.
  let furthest: { end: number; order: number; file: string | undefined } | undefined
  for (const { span, order } of all.toSorted((a, b) => comparePlaces(a.span, b.span) || a.order - b.order)) {
    if (dropped.has(order)) continue
    if (furthest?.file !== span.file) furthest = undefined
    if (furthest !== undefined && furthest.order !== order && span.start <= furthest.end) {
      dropped.add(Math.max(order, furthest.order))
      if (order > furthest.order) continue
    }
    if (furthest === undefined || span.end >= furthest.end || dropped.has(furthest.order))
      furthest = { end: span.end, order, file: span.file }
  }
  return fixes.filter((_fix, order) => !dropped.has(order))
}
