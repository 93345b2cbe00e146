/**
 * Reads on behind a mistake whose meaning is clear. `Conv2D: { kernel_size: 3 }` holds two mistakes, and the second shows
 * only where the first is read as `conv2d`; so the text is validated again with the fixes of the schema's diagnostics
 * applied, until none is new. All places are told in the text as its author wrote it.
 */
import { applyEdits, noWay, undoEdits, withoutOverlaps } from '../diagnostics/diagnostic.ts'
import type { Diagnostic, Fix, Path, Span, WayBack } from '../diagnostics/diagnostic.ts'
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

/** Nested mistakes are few: a key at the wrong level, a layer, its option, that option's own type and value. */
const mostRounds = 8

export function recoverSpec(original: SourceDocument, parse: ParseText): RecoveredSpec {
  const problems: Diagnostic[] = []
  /** What was guessed, in the original text: what is fixed within follows from the guess. */
  const guessed: Span[] = []
  let source = original
  let way = noWay
  for (let round = 1; ; round += 1) {
    const { diagnostics: found, broken } = validateSpec(source)
    const move = way
    const result = { source, broken, problems, toOriginal: (one: Diagnostic) => moveDiagnostic(one, move) }
    const fixes = round < mostRounds ? withoutOverlaps(found.flatMap(({ fixes: [first] }) => first ?? [])) : []
    const edits = fixes.flatMap((fix) => fix.edits)
    const fixed = fixes.length > 0 ? parse(applyEdits(source.text, edits)) : undefined
    const goesOn = fixed !== undefined && fixed.diagnostics.every(({ code }) => code === 'source/tuple')
    // What this round fixes is reported now; what it does not will be found again in the next.
    const reported = goesOn ? found.filter((one) => one.fixes.some((fix) => fixes.includes(fix))) : found
    problems.push(
      ...reported.map((one) => {
        const moved = weakenWithin(guessed, result.toOriginal(one))
        return move.isExact(one.span) ? moved : { ...moved, follows: true }
      }),
    )
    if (!goesOn) return result
    for (const {
      path,
      fixes: [first],
    } of reported) {
      if (first?.kind === 'suggestion') guessed.push(move.span(holderOf(path, source)))
    }
    way = undoEdits(edits, move)
    source = fixed.source
  }
}

/** A key with its value. */
function holderOf(path: Path, source: SourceDocument): Span {
  const [key, value] = [source.locateKey(path), source.locateValue(path)]
  return { start: Math.min(key.start, value.start), end: Math.max(key.end, value.end) }
}

function weakenWithin(guessed: readonly Span[], diagnostic: Diagnostic): Diagnostic {
  const { span, fixes } = diagnostic
  const follows = guessed.some(({ start, end }) => start <= span.start && span.end <= end)
  return follows ? { ...diagnostic, fixes: fixes.map((fix) => ({ ...fix, kind: 'suggestion' })) } : diagnostic
}

/** A fix of a part of what was inserted cannot be told of the original: it is found again once the rest is fixed. */
function moveDiagnostic(diagnostic: Diagnostic, way: WayBack): Diagnostic {
  const moveFix = (fix: Fix): Fix => ({
    ...fix,
    edits: fix.edits.map((edit) => ({ ...edit, span: way.span(edit.span) })),
  })
  return {
    ...diagnostic,
    span: way.span(diagnostic.span),
    related: diagnostic.related.map((place) => ({ ...place, span: way.span(place.span) })),
    fixes: diagnostic.fixes.filter(({ edits }) => edits.every(({ span }) => way.isExact(span))).map(moveFix),
  }
}
