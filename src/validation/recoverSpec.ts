/**
 * Recovers from mistakes whose meaning is clear, to find the mistakes that they hide. `Conv2D: { kernel_size: 3 }` has two
 * mistakes, and the second appears only once the first is read as `conv2d`. So the fixes of the schema's diagnostics are
 * applied and the text is validated again, until there is nothing new. All spans refer to the original text.
 */
import { editTexts, unchangedSpans, undoEdits, withoutOverlaps } from '../diagnostics/diagnostic.ts'
import type {
  Diagnostic,
  Fix,
  Path,
  RelatedPlace,
  Span,
  SpanMapping,
  TracedDiagnostic,
  Uses,
} from '../diagnostics/diagnostic.ts'
import type { ParseText, SourceDocument } from '../source/source.ts'
import { validateSpec } from './validateSpec.ts'

export interface RecoveredSpec {
  /** The document with the fixes applied, for the later phases. */
  readonly source: SourceDocument
  /** The places where `source` still has mistakes, which later phases skip. */
  readonly broken: readonly Path[]
  /** All diagnostics, with spans in the original text. */
  readonly problems: readonly Diagnostic[]
  /** Converts a diagnostic of `source` to one of the original text. */
  toOriginal(diagnostic: Diagnostic): Diagnostic
}

/** Mistakes nest only a few levels: a key at the wrong level, a layer, its option, that option's own type and value. */
const mostRounds = 8

export function recoverSpec(original: SourceDocument, parse: ParseText): RecoveredSpec {
  const problems: Diagnostic[] = []
  /** The spans of guesses in the original text. Fixes inside them depend on the guess. */
  const guessed: Span[] = []
  let source = original
  let way = unchangedSpans
  for (let round = 1; ; round += 1) {
    const { diagnostics: found, broken } = validateSpec(source)
    const move = way
    const result = { source, broken, problems, toOriginal: (one: Diagnostic) => moveDiagnostic(one, move) }
    const fixes = round < mostRounds ? withoutOverlaps(found.flatMap(({ fixes: [first] }) => first ?? [])) : []
    const edits = fixes.flatMap((fix) => fix.edits)
    const fixed = fixes.length > 0 ? parse(editTexts(source, edits)) : undefined
    const isRecovered = fixed !== undefined && fixed.diagnostics.every(isRecoverable)
    // Report now only the diagnostics fixed in this round; the others will be found again in the next.
    const reported = isRecovered ? found.filter((one) => one.fixes.some((fix) => fixes.includes(fix))) : found
    problems.push(
      ...reported.map((one) => {
        const moved = weakenWithin(guessed, result.toOriginal(one))
        return move.isExact(one.span) ? moved : { ...moved, follows: true }
      }),
    )
    if (!isRecovered) return result
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

/** Whether a problem of the text or of its composition leaves a document to validate. */
function isRecoverable({ code }: Diagnostic): boolean {
  return code === 'source/tuple' || code === 'source/unquoted-expression' || !code.startsWith('source/')
}

/** The span of a key and its value. */
function holderOf(path: Path, source: SourceDocument): Span {
  const [key, value] = [source.locateKey(path), source.locateValue(path)]
  return { ...key, start: Math.min(key.start, value.start), end: Math.max(key.end, value.end) }
}

/** Turns the fixes of a diagnostic inside a guess into suggestions. */
function weakenWithin(guessed: readonly Span[], diagnostic: Diagnostic): Diagnostic {
  const { span, fixes } = diagnostic
  const follows = guessed.some(({ file, start, end }) => file === span.file && start <= span.start && span.end <= end)
  return follows ? { ...diagnostic, fixes: fixes.map((fix) => ({ ...fix, kind: 'suggestion' })) } : diagnostic
}

/** Moves a diagnostic to the original text. Drops fixes that edit part of an inserted text; they are found again once it is inserted. */
function moveDiagnostic(diagnostic: TracedDiagnostic, way: SpanMapping): TracedDiagnostic {
  const movePlace = (place: RelatedPlace): RelatedPlace => ({ ...place, span: way.span(place.span) })
  const moveFix = (fix: Fix): Fix => ({
    ...fix,
    edits: fix.edits.map((edit) => ({ ...edit, span: way.span(edit.span) })),
  })
  return {
    ...diagnostic,
    span: way.span(diagnostic.span),
    related: diagnostic.related.map(movePlace),
    fixes: diagnostic.fixes.filter(({ edits }) => edits.every(({ span }) => way.isExact(span))).map(moveFix),
    ...(diagnostic.uses && { uses: moveUses(diagnostic.uses, way) }),
  }
}

function moveUses({ chains, parents, reference, ...rest }: Uses, way: SpanMapping): Uses {
  const movePlace = (place: RelatedPlace): RelatedPlace => ({ ...place, span: way.span(place.span) })
  return {
    ...rest,
    chains: chains.map((chain) => chain.map(movePlace)),
    parents: parents.map(movePlace),
    ...(reference && {
      reference: { ...reference, span: way.span(reference.span), definition: way.span(reference.definition) },
    }),
  }
}
