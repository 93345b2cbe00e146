/** Tries the fixes that the phases of an analysis propose, and applies them. */
import {
  applyEdits,
  editTexts,
  isOfSpec,
  unchangedSpans,
  undoEdits,
  withoutOverlaps,
  type Diagnostic,
  type Fix,
  type Span,
  type SpecTexts,
} from './diagnostics/diagnostic.ts'

/** The parts of an `Analysis` that decide whether a fix helps. */
interface Judged {
  readonly source: SpecTexts
  readonly shaped: { readonly complete: boolean }
  readonly diagnostics: readonly Diagnostic[]
}

/** Keeps the fixes that help, rewrites first; of several suggestions, keeps those that reveal the fewest new mistakes. */
export function proveFixes(analysis: Judged, analyzeAgain: (texts: SpecTexts) => Judged): Diagnostic[] {
  const takeOne = createBudget(analysis)
  return analysis.diagnostics.map((diagnostic) => {
    const helpful = diagnostic.fixes.flatMap((fix) => {
      const revealed = takeOne(diagnostic.severity) ? tryFix(fix, diagnostic, analysis, analyzeAgain) : undefined
      return revealed === undefined ? [] : [{ fix, revealed }]
    })
    const isRewrite = ({ fix }: { fix: Fix }) => fix.kind === 'rewrite'
    const suggestions = helpful.filter((one) => !isRewrite(one))
    const fewest = Math.min(...suggestions.map(({ revealed }) => revealed))
    const kept = [...helpful.filter(isRewrite), ...suggestions.filter(({ revealed }) => revealed === fewest)]
    const distinct = new Map(kept.toReversed().map(({ fix }) => [JSON.stringify(fix.edits), fix]))
    return { ...diagnostic, fixes: [...distinct.values()].toReversed() }
  })
}

/**
 * Limits how many fixes are tried, since each costs another analysis: fewer for a long text or many diagnostics. At least
 * one fix is tried, unless it is of a hint.
 */
function createBudget({ source, diagnostics }: Judged): (severity: Diagnostic['severity']) => boolean {
  const affordable = Math.min(32, Math.floor(64_000 / (source.text.length + 100 * diagnostics.length)))
  let tried = 0
  return (severity) => {
    const isAffordable = tried < (severity === 'hint' ? affordable : Math.max(1, affordable))
    if (isAffordable) tried += 1
    return isAffordable
  }
}

/**
 * Returns how many mistakes a fix reveals, or undefined if it does not help. It helps if its problem is gone and no other
 * appeared, except those that were hidden before: layers after one without a shape could not be checked.
 */
function tryFix(
  fix: Fix,
  problem: Diagnostic,
  before: Judged,
  analyzeAgain: (texts: SpecTexts) => Judged,
): number | undefined {
  const left = new Map<string, number>()
  const count = (one: Diagnostic, by: number): number => {
    const number = (left.get(signature(one)) ?? 0) + by
    left.set(signature(one), number)
    return number
  }
  for (const one of before.diagnostics) count(one, 1)
  const after = analyzeAgain(editTexts(before.source, fix.edits))
  const added = after.diagnostics.filter((one) => count(one, -1) < 0 && one.severity !== 'hint')
  const isGone = (left.get(signature(problem)) ?? 0) > 0
  const hidden = hiddenBy(problem, before)
  const mayBeHidden = ({ code }: Diagnostic) => hidden?.test(code) === true
  return isGone && added.every(mayBeHidden) ? added.length : undefined
}

/** The codes of mistakes that could not be found because of another one. */
function hiddenBy({ code }: Diagnostic, { shaped }: Judged): RegExp | undefined {
  if (code === 'source/syntax') return /^(?!source\/)/
  if (code.startsWith('data/')) return /^(data|shape|engine|meaning)\//
  return shaped.complete ? undefined : /^(shape|engine|meaning)\//
}

/** Identifies a diagnostic before and after an edit. Leaves out indices, which an edit above it may shift. */
function signature({ code, path }: Diagnostic): string {
  return `${code} ${path.filter((step) => typeof step === 'string').join('/')}`
}

/** An applied fix: the span that it changed, in the text before all fixes, and what it wrote. */
export interface AppliedFix {
  readonly span: Span
  readonly before: string
  readonly after: string
  /** A sentence that describes the fix. */
  readonly title: string
}

export interface FixedText {
  readonly text: string
  readonly applied: readonly AppliedFix[]
}

/**
 * Applies the first fix of each error and warning, until none is left.
 *
 * @param check Finds the diagnostics of a changed text.
 * @param kinds Rewrites keep the meaning of a spec; `all` applies suggestions too.
 */
export function applyFixes(
  text: string,
  check: (text: string) => { readonly diagnostics: readonly Diagnostic[] },
  kinds: 'rewrites' | 'all' = 'all',
): FixedText {
  const applied: AppliedFix[] = []
  let current = text
  let way = unchangedSpans
  for (let round = 0; round < 40; round += 1) {
    const places = new Map<Fix, Span>()
    for (const { fixes, severity, span } of check(current).diagnostics) {
      // What the spec extends is not changed.
      const fix = fixes.find((one) => isOfSpec(one) && (one.kind === 'rewrite' || kinds === 'all'))
      if (fix && severity !== 'hint') places.set(fix, span)
    }
    const chosen = withoutOverlaps([...places.keys()])
    if (chosen.length === 0) break
    const edits = chosen.flatMap((fix) => fix.edits)
    for (const fix of chosen) applied.push({ ...describeFix(current, fix), span: way.span(places.get(fix)!) })
    way = undoEdits(edits, way)
    current = applyEdits(current, edits)
  }
  return { text: current, applied: applied.toSorted((a, b) => a.span.start - b.span.start) }
}

/** Describes a change: the exact text within one line, or whole lines if the fix only adds, removes or moves text. */
function describeFix(text: string, { edits, title }: Fix): Omit<AppliedFix, 'span'> {
  const start = Math.min(...edits.map(({ span }) => span.start))
  const end = Math.max(...edits.map(({ span }) => span.end))
  const changed = (from: number, to: number) => {
    const moved = edits.map(({ span, newText }) => ({
      span: { start: span.start - from, end: span.end - from },
      newText,
    }))
    return { title, before: text.slice(from, to).trim(), after: applyEdits(text.slice(from, to), moved).trim() }
  }
  const exact = changed(start, end)
  if (exact.before !== '' && exact.after !== '' && !/[\n\r]/.test(exact.before + exact.after)) return exact
  const lineEnd = text.indexOf('\n', end)
  return changed(text.lastIndexOf('\n', start - 1) + 1, lineEnd < 0 ? text.length : lineEnd)
}
