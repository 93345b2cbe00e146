/** Checks all trials of a sweep before any of them starts, and reports what is wrong with them where it is written. */
import type { Assignment } from '../compose/settings.ts'
import { asDiagnostic } from '../compose/compose.ts'
import { Composition } from '../compose/composition.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { describeUses } from '../diagnostics/mergeUses.ts'
import { LineIndex } from '../diagnostics/positions.ts'
import type { AnalyzedSpec } from './analyzedSpec.ts'
import { assignmentsOf, labelsOf, valuesOfTrial, varyingPaths } from './combinations.ts'
import { ConditionCheck } from './condition.ts'
import type { SweepDefinition } from './definition.ts'
import { factsOfTrial } from './facts.ts'
import { freezeSpec, type FrozenPlace } from './freeze.ts'
import { Mistakes } from './mistakes.ts'
import { PlannedRuns } from './plannedRuns.ts'
import type { Sweep, Trial, TrialFacts, TrialState, TrialValue } from './trial.ts'

export interface TrialSource {
  /** Analyzes the spec with the values of the trial with this number. */
  analyze(number: number, assignments: readonly Assignment[]): AnalyzedSpec
  /** Returns the plain spec with the values of a trial. */
  expand(assignments: readonly Assignment[]): unknown
}

export interface CheckedTrials {
  readonly sweep: Sweep
  readonly diagnostics: readonly Diagnostic[]
}

export function checkTrials(
  definition: SweepDefinition,
  base: AnalyzedSpec,
  source: TrialSource,
  place: FrozenPlace,
): CheckedTrials {
  const { text, file } = base.source
  const parameters = varyingPaths(definition)
  const labelOf = labelsOf(parameters)
  const mistakes = new Mistakes(base.diagnostics, parameters, file)
  const condition = new ConditionCheck(definition.where)
  const runs = new PlannedRuns(definition)
  const lines = new LineIndex(text)

  /** An exclusion comes first: what is wrong with a trial that is not wanted does not matter. */
  const judge = (
    analysis: AnalyzedSpec,
    facts: TrialFacts,
    label: string,
    values: readonly TrialValue[],
  ): Judgement => {
    const excluded = condition.exclude(facts)
    if (excluded !== undefined) return { state: 'excluded', reason: excluded }
    mistakes.add(analysis.diagnostics, label, values)
    const error = analysis.diagnostics.find(({ severity }) => severity === 'error')
    if (error !== undefined) return { state: 'infeasible', reason: describeError(error, lines) }
    condition.countUnknown(facts)
    const reason = runs.check(analysis)
    return reason === undefined ? { state: 'ready' } : { state: 'infeasible', reason }
  }

  const trials: Trial[] = []
  for (let number = 1; number <= definition.count; number += 1) {
    const values = valuesOfTrial(definition, number)
    const label = labelOf(values)
    const analysis = source.analyze(number, assignmentsOf(values))
    const facts = factsOfTrial(analysis.spec, analysis.shaped)
    const { epochs } = analysis.spec.training
    const judged = judge(analysis, facts, label, values)
    trials.push(withSpec({ number, values, label, facts, epochs, ...judged }, source, place))
  }
  const { stopping } = definition
  const sweep: Sweep = {
    name: base.spec.name,
    parameters,
    objective: runs.objectiveOf(base),
    ...(stopping && {
      stopping: { kind: stopping.kind, minEpochs: stopping.minEpochs, reduction: stopping.reduction },
    }),
    trials,
  }
  const context = new Composition()
  condition.report(context, trials.length)
  runs.report(context, trials.length)
  const found = mistakes.report(definition.origin.written.locateValue(definition.origin.path), trials.length)
  const isExplained = hasErrors([...base.diagnostics, ...found]) || runs.isWithoutMetric
  if (!isExplained && trials.every(({ state }) => state !== 'ready')) reportNoneLeft(context, definition, trials)
  const reported = context.problems.map((problem) => asDiagnostic(problem, file, () => 1)).map(describeUses)
  const { ignore } = base.spec
  const diagnostics = [...found, ...reported].filter(
    ({ code, severity }) => severity === 'error' || !ignore.includes(code),
  )
  return { sweep, diagnostics }
}

interface Judgement {
  readonly state: TrialState
  readonly reason?: string
}

function reportNoneLeft(context: Composition, { origin }: SweepDefinition, trials: readonly Trial[]): void {
  const excluded = trials.filter(({ state }) => state === 'excluded').length
  const counts = [
    ...(excluded > 0 ? [`${formatCount(excluded)} excluded by \`where\``] : []),
    ...(excluded < trials.length ? [`${formatCount(trials.length - excluded)} infeasible`] : []),
  ]
  const message = `no trial of this sweep can be trained: ${counts.join(' and ')}`
  const [{ label, reason = '' } = { label: '' }] = trials
  context.report('sweep/no-trial-left', origin, message, {
    atKey: true,
    help: `the first is ${trials[0]?.state}, ${label}: ${reason}`,
  })
}

/** The first mistake of an infeasible trial, with its code and line. */
function describeError({ code, message, span }: Diagnostic, lines: LineIndex): string {
  const { line } = lines.position(span.start)
  const place = span.file === undefined ? `line ${line}` : span.file
  return `${message} (${code}, ${place})`
}

/** A trial that makes its frozen spec when it is read: thousands of them would take much memory. */
function withSpec(trial: Omit<Trial, 'spec'>, source: TrialSource, place: FrozenPlace): Trial {
  const freeze = () => freezeSpec(source.expand(assignmentsOf(trial.values)), trial.values, place)
  return Object.defineProperty<Trial>(trial, 'spec', { get: () => (trial.state === 'ready' ? freeze() : undefined) })
}
