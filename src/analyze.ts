/**
 * The analysis of a spec, on one screen: text → `Analysis`. Every phase adds diagnostics; none throws on bad input.
 *
 *      text
 *       │   1  source      YAML → a document that knows where each value is written
 *       ▼
 *    document
 *       │   2  recover     repairs broken entries in a copy, so that one mistake does not hide the others
 *       │   3  validation  the schema, then the plain spec with its defaults and the facts of its dataset
 *       ▼
 *      spec
 *       │   4  graph       names, references and order of the layers
 *       ▼
 *      graph
 *       │   5  shapes      the output shape and the parameters of each layer
 *       ▼
 *   shaped graph
 *       │   6  rules       mistakes in well-formed networks: loss against activation, budget, class count, …
 *       │   7  silence     drops follow-up errors and what the spec ignores
 *       │   8  fixes       tries each proposed fix by another analysis and keeps those that help
 *       ▼
 *    Analysis ──▶ report, or src/compile.ts
 */
import { isFoundInSamples } from './diagnostics/codes.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { proveFixes } from './fixes.ts'
import type { DatasetProbe } from './language/datasetDef.ts'
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
 * Runs all phases, and keeps only the fixes that were tried and found to help.
 *
 * @param probe How to read the files of datasets; without a host, their facts stay unknown.
 */
export function checkText(text: string, file: string, probe: DatasetProbe = {}): Analysis {
  const parse = rememberParsed(file)
  const remembering = { ...probe, facts: new Map(probe.facts) }
  const analyzeAgain = (changed: string) => analyze(changed, file, remembering, parse)
  const analysis = analyzeAgain(text)
  const diagnostics = proveFixes(analysis, analyzeAgain).filter(({ follows }) => follows !== true)
  return { ...analysis, diagnostics }
}

/** Runs phases 1 to 7. The fixes that it returns have not been tried yet. */
export function analyze(
  text: string,
  file: string,
  probe: DatasetProbe = {},
  parse: ParseText = (changed) => parseSource(changed, file),
): Analysis {
  const { source, diagnostics: sourceProblems } = parse(text)
  const isMap = source.value !== null && typeof source.value === 'object' && !Array.isArray(source.value)
  const recovered = isMap ? recoverSpec(source, parse) : undefined
  const repaired = recovered?.source ?? source
  const spec = readSpec(repaired, recovered?.broken ?? [], probe)
  const { graph, diagnostics: graphProblems } = resolveGraph(spec, repaired)
  const { shaped, diagnostics: shapeProblems } = inferShapes(graph, repaired)
  const meaningProblems = [...checkMeaning(spec, shaped, repaired), ...checkTrainability(spec, shaped, repaired)]
  const objectiveProblems = checkObjectives(spec, graph, repaired)
  const later = [...graphProblems, ...objectiveProblems, ...shapeProblems, ...meaningProblems]
  const found = recovered ? [...recovered.problems, ...later.map(recovered.toOriginal)] : []
  const independent = withoutConsequences([...sourceProblems, ...found])
  const diagnostics = silenceIgnored(independent, spec.ignore, source, (code) => !isFoundInSamples(code))
  return { source, spec, graph, shaped, diagnostics }
}

/** Caches parsed texts: recovery and the trial of fixes often parse the same text, and parsing is most of the work. */
function rememberParsed(file: string): ParseText {
  const known = new Map<string, ParsedSource>()
  return (text) => {
    const parsed = known.get(text) ?? parseSource(text, file)
    known.set(text, parsed)
    return parsed
  }
}

/** Drops later phases' complaints about a value that was unreadable or mistyped, and sorts the rest by position. */
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
