/** The pipeline on one screen: text → document → spec → graph → shapes → program. Each phase adds diagnostics. */
import { applyEdits, withoutOverlaps, type Diagnostic, type Fix } from './diagnostics/diagnostic.ts'
import { resolveGraph, type Graph } from './graph/graph.ts'
import { checkMeaning } from './graph/meaning.ts'
import { inferShapes, type ShapedGraph } from './graph/shapes.ts'
import { checkTrainability } from './graph/trainability.ts'
import { parseSource, type SourceDocument } from './source/source.ts'
import { readSpec, type Spec } from './spec/spec.ts'
import { recoverSpec } from './spec/recoverSpec.ts'

export interface Analysis {
  readonly source: SourceDocument
  readonly spec: Spec
  readonly graph: Graph
  readonly shaped: ShapedGraph
  readonly diagnostics: readonly Diagnostic[]
}

/** Runs all phases, and offers the fixes that were tried and found to help. */
export function checkText(text: string, file: string): Analysis {
  const analysis = analyze(text, file)
  return { ...analysis, diagnostics: verifyFixes(analysis, file) }
}

/** Runs all phases; fixes are proposals still. */
export function analyze(text: string, file: string): Analysis {
  const { source, diagnostics: sourceProblems } = parseSource(text, file)
  const isMap = source.value !== null && typeof source.value === 'object' && !Array.isArray(source.value)
  const recovered = isMap ? recoverSpec(source) : undefined
  const mended = recovered?.source ?? source
  const spec = readSpec(mended, recovered?.broken ?? [])
  const { graph, diagnostics: graphProblems } = resolveGraph(spec, mended)
  const { shaped, diagnostics: shapeProblems } = inferShapes(graph, mended)
  const meaningProblems = [...checkMeaning(spec, shaped, mended), ...checkTrainability(spec, shaped, mended)]
  const behind = [...graphProblems, ...shapeProblems, ...meaningProblems]
  const found = recovered ? [...recovered.problems, ...behind.map(recovered.toOriginal)] : []
  const diagnostics = withoutConsequences([...sourceProblems, ...found])
  return { source, spec, graph, shaped, diagnostics }
}

/** In order of place. What cannot be read, or is of the wrong type, is one mistake: what later phases make of it follows. */
function withoutConsequences(found: readonly Diagnostic[]): Diagnostic[] {
  const unreadable = new Map<string, Diagnostic>()
  const place = ({ span }: Diagnostic) => `${span.start}:${span.end}`
  for (const one of found) {
    const hidesOthers = one.code.startsWith('source/') || one.code === 'schema/wrong-type'
    if (hidesOthers && !unreadable.has(place(one))) unreadable.set(place(one), one)
  }
  const kept = found.filter((one) => (unreadable.get(place(one)) ?? one) === one)
  return kept.toSorted((a, b) => a.span.start - b.span.start)
}

/** Each fix costs another analysis; past these many the first ones have to be mended first. */
const mostFixesTried = 32

function verifyFixes({ source, diagnostics }: Analysis, file: string): Diagnostic[] {
  let tried = 0
  return diagnostics.map((diagnostic) => {
    const fixes = diagnostic.fixes.filter((fix) => {
      tried += 1
      return tried <= mostFixesTried && helps(fix, source, diagnostics, file)
    })
    return { ...diagnostic, fixes }
  })
}

/** A fix helps if the changed spec has fewer problems, and none that was not there before. */
function helps(fix: Fix, source: SourceDocument, before: readonly Diagnostic[], file: string): boolean {
  const after = analyze(applyEdits(source.text, fix.edits), file).diagnostics
  const known = new Map<string, number>()
  for (const { code, path } of before) known.set(signature(code, path), (known.get(signature(code, path)) ?? 0) + 1)
  for (const { code, path, severity } of after) {
    const left = (known.get(signature(code, path)) ?? 0) - 1
    if (left < 0 && severity === 'error') return false
    known.set(signature(code, path), left)
  }
  return after.length < before.length
}

/** What stays of a diagnostic when lines above it come and go: indices are left out. */
function signature(code: string, path: readonly (string | number)[]): string {
  return `${code} ${path.filter((step) => typeof step === 'string').join('/')}`
}

/** Applies the first fix of each error and warning until none is left; returns the changed text and how many were applied. */
export function applyFixes(text: string, file: string): { text: string; applied: number } {
  let current = text
  let applied = 0
  for (let round = 0; round < 20; round += 1) {
    const { diagnostics } = checkText(current, file)
    const fixes = diagnostics.flatMap(({ fixes: [first], severity }) => (first && severity !== 'hint' ? [first] : []))
    const chosen = withoutOverlaps(fixes)
    if (chosen.length === 0) break
    current = applyEdits(
      current,
      chosen.flatMap(({ edits }) => edits),
    )
    applied += chosen.length
  }
  return { text: current, applied }
}
