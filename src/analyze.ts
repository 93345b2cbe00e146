/**
 * The analysis of a spec, on one screen: text → `Analysis`. Every phase adds diagnostics; none throws on bad input.
 *
 *      text
 *       │   1  source      YAML → a document that knows where each value is written
 *       ▼
 *    document
 *       │   2  compose     expands variables and expressions; each value still knows where it was written
 *       ▼
 * plain document
 *       │   3  recover     repairs broken entries in a copy, so that one mistake does not hide the others
 *       │   4  validation  the schema, then the plain spec with its defaults and the facts of its dataset
 *       ▼
 *      spec
 *       │   5  graph       names, references and order of the layers
 *       ▼
 *      graph
 *       │   6  shapes      the output shape and the parameters of each layer
 *       ▼
 *   shaped graph
 *       │   7  rules       mistakes in well-formed networks: loss against activation, budget, class count, …
 *       │   8  silence     drops follow-up errors and what the spec ignores
 *       │   9  fixes       tries each proposed fix by another analysis and keeps those that help
 *       ▼
 *    Analysis ──▶ report, or src/compile.ts
 */
import { compose } from './compose/compose.ts'
import { SettingsText } from './compose/settings.ts'
import { isFoundInSamples } from './diagnostics/codes.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { describeUses, mergeUses } from './diagnostics/mergeUses.ts'
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
  /** The values of the command line that override those of the spec. */
  readonly settings: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

export interface AnalysisOptions extends DatasetProbe {
  /** The values of `--set`, such as `vars.width=32`, which override those of the spec. */
  readonly settings?: readonly string[] | undefined
}

/**
 * Runs all phases, and keeps only the fixes that were tried and found to help.
 *
 * @param options How to read the files of datasets: without a host, their facts stay unknown.
 * @throws KnownError if one of the settings does not fit the spec.
 */
export function checkText(text: string, file: string, { settings = [], ...probe }: AnalysisOptions = {}): Analysis {
  const parse = rememberParsed(file, settings)
  const remembering = { ...probe, facts: new Map(probe.facts) }
  const analyzeAgain = (changed: string) => analyze(changed, file, remembering, parse)
  const analysis = analyzeAgain(text)
  const diagnostics = proveFixes(analysis, analyzeAgain).filter(({ follows }) => follows !== true)
  return { ...analysis, settings, diagnostics }
}

/** Runs phases 1 to 8. The fixes that it returns have not been tried yet. */
export function analyze(
  text: string,
  file: string,
  probe: DatasetProbe = {},
  parse: ParseText = (changed) => compose(parseSource(changed, file)),
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
  const independent = mergeUses(withoutConsequences([...sourceProblems, ...found]))
  const reported = silenceIgnored(independent, spec.ignore, source, (code) => !isFoundInSamples(code))
  const diagnostics = reported.map(describeUses)
  return { source, spec, graph, shaped, settings: [], diagnostics }
}

/** Caches parsed texts: recovery and the trial of fixes often parse the same text, and parsing is most of the work. */
function rememberParsed(file: string, settings: readonly string[]): ParseText {
  const given = settings.length === 0 ? undefined : new SettingsText(settings)
  const known = new Map<string, ParsedSource>()
  return (text) => {
    const parsed = known.get(text) ?? compose(parseSource(text, file), given)
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
