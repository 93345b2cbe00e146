/**
 * Reads on behind a mistake whose meaning is clear. `Conv2D: { kernel_size: 3 }` holds two mistakes, and the second shows
 * only where the first is read as `conv2d`; so the text is validated again with the fixes of the schema's diagnostics
 * applied, until none is new. All places are told in the text as its author wrote it.
 */
import type { Diagnostic, Fix, Path, Span, TextEdit } from '../diagnostics/diagnostic.ts'
import { applyEdits, withoutOverlaps } from '../diagnostics/diagnostic.ts'
import type { ParseText, SourceDocument } from '../source/source.ts'
import { validateSpec } from './validateSpec.ts'

export interface RecoveredSpec {
  /** The document with the fixes applied: what the phases behind read. */
  readonly source: SourceDocument
  /** Where `source` still has mistakes: what the phases behind leave out. */
  readonly broken: readonly Path[]
  /** Every problem, with places in the original text. */
  readonly problems: readonly Diagnostic[]
  /** A diagnostic of `source` with its places in the original text. */
  toOriginal(diagnostic: Diagnostic): Diagnostic
}

/** Nested mistakes are few: a layer, its option, that option's own type and value. */
const mostRounds = 5

export function recoverSpec(original: SourceDocument, parse: ParseText): RecoveredSpec {
  const problems: Diagnostic[] = []
  let source = original
  let toOriginal = (span: Span): Span => span
  for (let round = 1; ; round += 1) {
    const { diagnostics: found, broken } = validateSpec(source)
    const move = toOriginal
    const result = { source, broken, problems, toOriginal: (one: Diagnostic) => moveDiagnostic(one, move) }
    const fixes = round < mostRounds ? withoutOverlaps(found.flatMap(({ fixes: [first] }) => first ?? [])) : []
    const edits = fixes.flatMap((fix) => fix.edits)
    const mended = fixes.length > 0 ? parse(applyEdits(source.text, edits)) : undefined
    const goesOn = mended !== undefined && mended.diagnostics.every(({ code }) => code === 'source/tuple')
    // What this round mends is told now; what it does not will be found again in the next.
    const told = goesOn ? found.filter((one) => one.fixes.some((fix) => fixes.includes(fix))) : found
    problems.push(...told.map(result.toOriginal))
    if (!goesOn) return result
    const back = undoEdits(edits)
    toOriginal = (span) => move(back(span))
    source = mended.source
  }
}

/** Where a span of the edited text was before; a span of inserted text is what it took the place of. */
function undoEdits(edits: readonly TextEdit[]): (span: Span) => Span {
  let shift = 0
  const ordered = edits
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ span, newText }) => {
      const start = span.start + shift
      shift += newText.length - (span.end - span.start)
      return { span, start, end: start + newText.length, shift }
    })
  const undo = (offset: number, isEnd: boolean): number => {
    // Only the last edit that begins before can hold it.
    let [low, high] = [0, ordered.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const { start } = ordered[middle]!
      if (start < offset || (!isEnd && start === offset)) low = middle + 1
      else high = middle
    }
    const edit = ordered[low - 1]
    if (edit === undefined) return offset
    if (offset < edit.end || (isEnd && offset === edit.end)) return isEnd ? edit.span.end : edit.span.start
    return offset - edit.shift
  }
  return ({ start, end }) => ({ start: undo(start, false), end: Math.max(undo(start, false), undo(end, true)) })
}

function moveDiagnostic(diagnostic: Diagnostic, move: (span: Span) => Span): Diagnostic {
  const moveFix = (fix: Fix): Fix => ({ ...fix, edits: fix.edits.map((edit) => ({ ...edit, span: move(edit.span) })) })
  return {
    ...diagnostic,
    span: move(diagnostic.span),
    related: diagnostic.related.map((place) => ({ ...place, span: move(place.span) })),
    fixes: diagnostic.fixes.map(moveFix),
  }
}
