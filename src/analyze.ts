/** The pipeline on one screen: text → document → spec → graph → shapes → program. Each phase adds diagnostics. */
import { isFoundInSamples } from './diagnostics/codes.ts'
import {
  applyEdits,
  hasErrors,
  noWay,
  undoEdits,
  withoutOverlaps,
  type Diagnostic,
  type Fix,
  type Span,
} from './diagnostics/diagnostic.ts'
import { rememberFacts, type DatasetLook } from './language/datasetDef.ts'
import type { Graph } from './graph/graph.ts'
import { checkMeaning } from './rules/checkMeaning.ts'
import { resolveGraph } from './graph/resolveGraph.ts'
import { checkObjectives } from './graph/objectives.ts'
import { inferShapes, type ShapedGraph } from './graph/shapes.ts'
import { checkTrainability } from './graph/trainability.ts'
import { parseSource, type ParsedSource, type ParseText, type SourceDocument } from './source/source.ts'
import { silenceIgnored } from './validation/ignoredCodes.ts'
import { readSpec, type Spec } from './validation/spec.ts'
import { recoverSpec } from './validation/recoverSpec.ts'

export interface Analysis {
  readonly source: SourceDocument
  readonly spec: Spec
  readonly graph: Graph
  readonly shaped: ShapedGraph
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Runs all phases, and offers the fixes that were tried and found to help.
 *
 * @param data Where the dataset is, in place of what the spec says.
 * @param describe What is known of the dataset, in place of what a quick look at its files tells.
 */
export function checkText(text: string, file: string, data?: string, describe = rememberFacts()): Analysis {
  const parse = rememberParsed(file)
  const look = { data, describe }
  const analyzeAgain = (changed: string) => analyze(changed, file, parse, look)
  const analysis = analyzeAgain(text)
  const told = verifyFixes(analysis, analyzeAgain).filter(({ follows }) => follows !== true)
  return { ...analysis, diagnostics: told }
}

/** Reading on behind a mistake and proving its fix often meet the same text, and parsing is most of the work. */
function rememberParsed(file: string): ParseText {
  const known = new Map<string, ParsedSource>()
  return (text) => {
    const parsed = known.get(text) ?? parseSource(text, file)
    known.set(text, parsed)
    return parsed
  }
}

/** An analysis with what was found in the samples of its dataset: without what the spec ignores, in order of place. */
export function addFoundInSamples(analysis: Analysis, found: readonly Diagnostic[]): Analysis {
  const { source, spec, diagnostics } = analysis
  const told = silenceIgnored(found, spec.ignore, source, isFoundInSamples)
  // As everywhere, no entry is needless while there are errors.
  const added = hasErrors(diagnostics) ? told.filter(({ code }) => code !== 'meaning/needless-ignore') : told
  // A fix of the text cannot be proven without another look at the data.
  const all = [...diagnostics, ...added.map((one) => ({ ...one, fixes: [] }))]
  return { ...analysis, diagnostics: all.toSorted((a, b) => a.span.start - b.span.start) }
}

/** Runs all phases; fixes are proposals still. */
export function analyze(
  text: string,
  file: string,
  parse: ParseText = (changed) => parseSource(changed, file),
  look: DatasetLook = {},
): Analysis {
  const { source, diagnostics: sourceProblems } = parse(text)
  const isMap = source.value !== null && typeof source.value === 'object' && !Array.isArray(source.value)
  const recovered = isMap ? recoverSpec(source, parse) : undefined
  const mended = recovered?.source ?? source
  const spec = readSpec(mended, recovered?.broken ?? [], look)
  const { graph, diagnostics: graphProblems } = resolveGraph(spec, mended)
  const { shaped, diagnostics: shapeProblems } = inferShapes(graph, mended)
  const meaningProblems = [...checkMeaning(spec, shaped, mended), ...checkTrainability(spec, shaped, mended)]
  const objectiveProblems = checkObjectives(spec, graph, mended)
  const behind = [...graphProblems, ...objectiveProblems, ...shapeProblems, ...meaningProblems]
  const found = recovered ? [...recovered.problems, ...behind.map(recovered.toOriginal)] : []
  const told = withoutConsequences([...sourceProblems, ...found])
  const diagnostics = silenceIgnored(told, spec.ignore, source, (code) => !isFoundInSamples(code))
  return { source, spec, graph, shaped, diagnostics }
}

/** In order of place. What cannot be read, or is of the wrong type, is one mistake: what later phases make of it follows. */
function withoutConsequences(found: readonly Diagnostic[]): Diagnostic[] {
  const unreadable = new Map<string, Diagnostic>()
  const place = ({ span }: Diagnostic) => `${span.start}:${span.end}`
  for (const one of found) {
    const hidesOthers = one.code.startsWith('source/') || (one.code === 'schema/wrong-type' && one.follows !== true)
    if (hidesOthers && !unreadable.has(place(one))) unreadable.set(place(one), one)
  }
  const kept = found.filter((one) => (unreadable.get(place(one)) ?? one) === one)
  return kept.toSorted((a, b) => a.span.start - b.span.start)
}

/**
 * Each fix costs another analysis; of a long text, or past many problems, the first ones have to be mended first. One is
 * always tried, but not for a hint, which nothing waits for.
 */
function createBudget({ source, diagnostics }: Analysis): (severity: Diagnostic['severity']) => boolean {
  const affordable = Math.min(32, Math.floor(64_000 / (source.text.length + 100 * diagnostics.length)))
  let tried = 0
  return (severity) => {
    const isAffordable = tried < (severity === 'hint' ? affordable : Math.max(1, affordable))
    if (isAffordable) tried += 1
    return isAffordable
  }
}

/** Keeps the fixes that help, rewrites first; of several suggestions, those that reveal the fewest further mistakes. */
function verifyFixes(analysis: Analysis, analyzeAgain: (text: string) => Analysis): Diagnostic[] {
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
    return { ...diagnostic, fixes: kept.map(({ fix }) => fix) }
  })
}

/**
 * How many mistakes a fix reveals, or undefined if it does not help. It helps if its problem is gone and no other came up,
 * except those that were there all along: behind a layer without a shape nothing could be judged.
 */
function tryFix(
  fix: Fix,
  problem: Diagnostic,
  before: Analysis,
  analyzeAgain: (text: string) => Analysis,
): number | undefined {
  const left = new Map<string, number>()
  const count = (one: Diagnostic, by: number): number => {
    const number = (left.get(signature(one)) ?? 0) + by
    left.set(signature(one), number)
    return number
  }
  for (const one of before.diagnostics) count(one, 1)
  const after = analyzeAgain(applyEdits(before.source.text, fix.edits))
  const added = after.diagnostics.filter((one) => count(one, -1) < 0 && one.severity !== 'hint')
  const isGone = (left.get(signature(problem)) ?? 0) > 0
  const mayBeHidden = ({ code }: Diagnostic) => !before.shaped.complete && /^(shape|engine|meaning)\//.test(code)
  return isGone && added.every(mayBeHidden) ? added.length : undefined
}

/** What stays of a diagnostic when lines above it come and go: indices are left out. */
function signature({ code, path }: Diagnostic): string {
  return `${code} ${path.filter((step) => typeof step === 'string').join('/')}`
}

/** A fix that was applied: the place that it changed, in the text as it was before all of them, and what it wrote. */
export interface AppliedFix {
  readonly span: Span
  readonly before: string
  readonly after: string
  /** What the fix does, in words. */
  readonly title: string
}

export interface FixedText {
  readonly text: string
  readonly applied: readonly AppliedFix[]
}

/**
 * Applies fixes of errors and warnings, of each the first, until none is left.
 *
 * @param kinds Rewrites keep the meaning of a spec; `all` applies suggestions too.
 */
export function applyFixes(text: string, file: string, kinds: 'rewrites' | 'all' = 'all'): FixedText {
  const applied: AppliedFix[] = []
  let current = text
  let way = noWay
  for (let round = 0; round < 40; round += 1) {
    const places = new Map<Fix, Span>()
    for (const { fixes, severity, span } of checkText(current, file).diagnostics) {
      const fix = fixes.find(({ kind }) => kind === 'rewrite' || kinds === 'all')
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

/** What a fix changes; where it only adds, removes or moves, the whole lines around that. */
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
