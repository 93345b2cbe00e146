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
import type { ComposedSpec } from './compose/compose.ts'
import { isFoundInSamples, type DiagnosticCode } from './diagnostics/codes.ts'
import { comparePlaces, keyOfSpan, noOtherTexts, type Diagnostic, type SpecTexts } from './diagnostics/diagnostic.ts'
import { describeUses, mergeUses } from './diagnostics/mergeUses.ts'
import { proveFixes } from './fixes.ts'
import type { DatasetProbe } from './language/datasetDef.ts'
import { checkObjectives } from './graph/objectives.ts'
import { checkTrainability } from './graph/trainability.ts'
import { inferSpec, type InferredNetwork, type ParseSpec } from './inferShapes.ts'
import { checkMeaning } from './rules/checkMeaning.ts'
import type { ParsedSource, SourceDocument } from './source/source.ts'
import { parseTrial } from './sweep/parseTrial.ts'
import { SpecParser } from './sweep/specParser.ts'
import { checkTrials, type TrialSource } from './sweep/checkTrials.ts'
import type { SweepDefinition } from './sweep/definition.ts'
import type { FrozenPlace } from './sweep/freeze.ts'
import { readSweep } from './sweep/readSweep.ts'
import type { Sweep } from './sweep/trial.ts'
import { folderOf, joinPaths } from './system/paths.ts'
import { silenceIgnored } from './validation/ignoredCodes.ts'
import { recoverSpec } from './validation/recoverSpec.ts'

export interface Analysis extends InferredNetwork {
  /** The values of the command line that override those of the spec. */
  readonly settings: readonly string[]
  /** The number of the trial that was analyzed instead of the base. */
  readonly trial?: number | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** The section `sweep`, if the spec has one without mistakes. */
  readonly sweepDefinition?: SweepDefinition | undefined
  /** The sweep with its trials, if they were asked for. */
  readonly sweep?: Sweep
}

export interface AnalysisOptions extends DatasetProbe {
  /** The values of `--set`, such as `vars.width=32`, which override those of the spec. */
  readonly settings?: readonly string[] | undefined
  /** The number of a trial of the sweep, which is analyzed instead of the base. */
  readonly trial?: number | undefined
  /** Whether all trials of the sweep are checked, too. */
  readonly trials?: boolean
  /** Where the specs of trials will be, for their relative paths. By default, they are in a run folder beside the spec. */
  readonly frozen?: FrozenPlace | undefined
}

/**
 * Runs all phases, and keeps only the fixes that were tried and found to help.
 *
 * @param options How to read the files of datasets: without a host, their facts stay unknown.
 * @throws KnownError if one of the settings does not fit the spec.
 */
export function checkText(
  text: string,
  file: string,
  { settings = [], trial, trials = false, frozen, ...probe }: AnalysisOptions = {},
): Analysis {
  const parser = new SpecParser(file, settings, probe.host)
  const parse: ParseSpec = trial === undefined ? (one) => parser.parse(one) : (one) => parseTrial(parser, one, trial)
  const remembering = { ...probe, facts: new Map(probe.facts) }
  const analyzeAgain = (texts: SpecTexts) => analyzeTexts(texts, file, remembering, parse)
  const analysis = analyzeAgain(withoutParents(text))
  const diagnostics = proveFixes(analysis, analyzeAgain).filter(({ follows }) => follows !== true)
  const base = { ...analysis, settings, trial, diagnostics }
  const definition = trials && trial === undefined ? base.sweepDefinition : undefined
  if (definition === undefined) return base
  const place = frozen ?? { from: folderOf(file), to: joinPaths(folderOf(file), 'runs/name/trials/0001') }
  const source: TrialSource = {
    analyze: (number, values) =>
      analyzeTexts(withoutParents(text), file, remembering, (one) =>
        one.text === text ? parser.parse(one, values) : parseTrial(parser, one, number),
      ),
    expand: (values) => parser.parse(withoutParents(text), values).source.value,
  }
  const checked = checkTrials(definition, base, source, place)
  return { ...base, sweep: checked.sweep, diagnostics: byPosition([...diagnostics, ...checked.diagnostics]) }
}

/** Runs phases 1 to 8. The fixes that it returns have not been tried yet. */
export function analyze(text: string, file: string, probe: DatasetProbe = {}): Analysis {
  const parser = new SpecParser(file, [], probe.host)
  return analyzeTexts(withoutParents(text), file, probe, (texts) => parser.parse(texts))
}

function withoutParents(text: string): SpecTexts {
  return { text, otherTexts: noOtherTexts }
}

function analyzeTexts(texts: SpecTexts, file: string, probe: DatasetProbe, parse: ParseSpec): Analysis {
  const { source, spec, graph, shaped, composed, repaired, recovered, graphProblems, shapeProblems } = inferSpec(
    texts,
    probe,
    parse,
  )
  const { diagnostics: sourceProblems, sweep, unused, isTrial = false } = composed
  const read = sweep && readSweep(sweep, file)
  const meaningProblems = [...checkMeaning(spec, shaped, repaired), ...checkTrainability(spec, shaped, repaired)]
  const objectiveProblems = checkObjectives(spec, graph, repaired)
  const later = [...graphProblems, ...objectiveProblems, ...shapeProblems, ...meaningProblems]
  const laterFound = later.filter(({ code }) => !isOfMissingPart(code, source))
  const ofUnused = unused ? recoverSpec(unused, (one) => unusedOf(parse(one), unused)).problems : []
  const found = recovered ? [...recovered.problems, ...laterFound.map(recovered.toOriginal), ...ofUnused] : []
  const independent = mergeUses(withoutConsequences([...sourceProblems, ...(read?.diagnostics ?? []), ...found]))
  // What does not occur in the base may occur in a trial, and the other way round.
  const isOneOfMany = sweep !== undefined || isTrial
  const isChecked = (code: DiagnosticCode) => !isOneOfMany && !isFoundInSamples(code)
  const reported = silenceIgnored(independent, spec.ignore, source, isChecked)
  const diagnostics = reported.map(describeUses)
  return { source, spec, graph, shaped, settings: [], diagnostics, sweepDefinition: read?.definition }
}

/** The blocks that nothing calls, once a text has been changed. */
function unusedOf({ unused, diagnostics }: ComposedSpec, before: SourceDocument): ParsedSource {
  return { source: unused ?? before, diagnostics }
}

/** Whether a diagnostic may be a consequence of what an incomplete spec lacks. */
function isOfMissingPart(code: DiagnosticCode, { completeness, unknown }: SourceDocument): boolean {
  if (completeness === 'complete') return false
  const lacksLayers = unknown.some(([section, ...inner]) => section === 'layers' && inner.length === 0)
  if (code === 'graph/no-input' || (lacksLayers && code.startsWith('graph/'))) return true
  return completeness === 'parent missing' && code.startsWith('meaning/')
}

/** Drops later phases' complaints about a value that was unreadable or mistyped, and sorts the rest by position. */
function withoutConsequences(found: readonly Diagnostic[]): Diagnostic[] {
  const unreadable = new Map<string, Diagnostic>()
  const place = ({ span }: Diagnostic) => keyOfSpan(span)
  for (const one of found) {
    const hidesOthers = one.code.startsWith('source/') || (one.code === 'schema/wrong-type' && one.follows !== true)
    if (hidesOthers && !unreadable.has(place(one))) unreadable.set(place(one), one)
  }
  const kept = found.filter((one) => (unreadable.get(place(one)) ?? one) === one)
  return byPosition(kept)
}

function byPosition(found: readonly Diagnostic[]): Diagnostic[] {
  return found.toSorted((a, b) => comparePlaces(a.span, b.span))
}
