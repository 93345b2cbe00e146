/** Compares two sweeps: their parameters, the trials with equal specs, and their best results. */
import { compareRecords, type Change, type ResultChange, type SettingChange } from '../diff/compareModels.ts'
import { bestTrial, type SweepSummary, type TrialSummary } from './sweepSummary.ts'

export interface SweepComparison {
  readonly before: string
  readonly after: string
  /** The objective and when trials stop, if they differ. */
  readonly settings: readonly SettingChange[]
  /** Each parameter whose values differ, with its distinct values in the order of the trials. */
  readonly parameters: readonly SettingChange[]
  readonly trials: {
    /** The pairs of trials with equal frozen specs. */
    readonly common: readonly CommonTrial[]
    readonly onlyBefore: number
    readonly onlyAfter: number
  }
  /** The score of the best trial, if both sweeps have the same objective. */
  readonly results: readonly ResultChange[]
  readonly best: Change<BestTrial | undefined>
  /** Whether the sweeps have different trials. Results do not count. */
  readonly differs: boolean
}

export type BestTrial = Pick<TrialSummary, 'number' | 'label' | 'score'>

/** A trial that both sweeps have: its numbers and its scores. */
export interface CommonTrial {
  readonly label: string
  readonly numbers: Change<number>
  readonly scores: Change<number | undefined>
}

export function compareSweeps(before: SweepSummary, after: SweepSummary): SweepComparison {
  const common = commonTrials(before, after)
  const [onlyBefore, onlyAfter] = [before.trials.length - common.length, after.trials.length - common.length]
  const settings = changedSettings(before, after)
  const parameters = changedParameters(before, after)
  const best = { before: describeBest(before), after: describeBest(after) }
  return {
    before: before.folder,
    after: after.folder,
    settings,
    parameters,
    trials: { common, onlyBefore, onlyAfter },
    results: before.objective.metric === after.objective.metric ? bestScores(before.objective.metric, best) : [],
    best,
    differs: settings.length > 0 || parameters.length > 0 || onlyBefore > 0 || onlyAfter > 0,
  }
}

/** Pairs trials by the hash of their specs; those without a spec, by their state and values. */
function commonTrials(before: SweepSummary, after: SweepSummary): CommonTrial[] {
  const keyOf = ({ id, state, values }: TrialSummary) => id ?? JSON.stringify([state, Object.entries(values)])
  const others = new Map<string, TrialSummary[]>()
  for (const trial of after.trials) others.set(keyOf(trial), [...(others.get(keyOf(trial)) ?? []), trial])
  return before.trials.flatMap((trial) => {
    const other = others.get(keyOf(trial))?.shift()
    if (other === undefined) return []
    return {
      label: trial.label,
      numbers: { before: trial.number, after: other.number },
      scores: { before: trial.score, after: other.score },
    }
  })
}

function changedSettings(before: SweepSummary, after: SweepSummary): SettingChange[] {
  const settingsOf = ({ objective, stopping }: SweepSummary): Record<string, unknown> => ({
    objective: `${objective.direction} ${objective.metric}`,
    stopping,
  })
  return compareRecords(settingsOf(before), settingsOf(after))
}

function changedParameters(before: SweepSummary, after: SweepSummary): SettingChange[] {
  const valuesOf = ({ parameters, trials }: SweepSummary) =>
    Object.fromEntries(
      parameters.map((path) => {
        const texts = trials.flatMap(({ values }) => (path in values ? JSON.stringify(values[path]) : []))
        return [path, [...new Set(texts)].map((text): unknown => JSON.parse(text))]
      }),
    )
  return compareRecords(valuesOf(before), valuesOf(after))
}

function describeBest(sweep: SweepSummary): BestTrial | undefined {
  const best = bestTrial(sweep)
  return best && { number: best.number, label: best.label, ...(best.score !== undefined && { score: best.score }) }
}

function bestScores(metric: string, { before, after }: Change<BestTrial | undefined>): ResultChange[] {
  const [old, fresh] = [before?.score, after?.score]
  if (old === undefined && fresh === undefined) return []
  return [{ key: metric, ...(old !== undefined && { before: old }), ...(fresh !== undefined && { after: fresh }) }]
}
