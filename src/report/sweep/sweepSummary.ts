/** What the page of a sweep, `runs` and `diff` know of it: its plan and the results of its trials, as plain data. */
import type { Objective, Stopping, TrialFacts, TrialStatus } from '../../sweep/trial.ts'
import { compareScores } from '../../sweep/compareScores.ts'

export interface SweepSummary {
  readonly folder: string
  readonly name: string
  readonly date?: string
  /** The paths whose values differ between trials. */
  readonly parameters: readonly string[]
  readonly objective: Objective
  readonly stopping?: Stopping
  /** The command that repeats the sweep. */
  readonly command?: string
  readonly forecast?: ForecastSummary
  readonly trials: readonly TrialSummary[]
  /** The rungs of halving whose promotions were decided, or whose trials have a result. */
  readonly rungs: readonly RungSummary[]
  /** The text of the sweep's file. */
  readonly specText?: string
}

export interface ForecastSummary {
  /** The expected time of the sweep. */
  readonly seconds: number
  /** The number of trials that run at once. */
  readonly parallel: number
  /** The time that the sweep took; undefined while it runs. */
  readonly actual?: number
}

export interface TrialSummary {
  readonly number: number
  /** The hash of its frozen spec; undefined for a trial without one. */
  readonly id?: string
  readonly label: string
  /** Its values by the path of the parameter. */
  readonly values: Readonly<Record<string, unknown>>
  readonly state: TrialStatus
  /** Why it was excluded, is infeasible, or failed. */
  readonly reason?: string
  readonly facts: Pick<TrialFacts, 'params' | 'flops' | 'memory'>
  /** The epochs of its spec. */
  readonly plannedEpochs: number
  /** The number of epochs that it trained. */
  readonly epochs: number
  /** The objective at its best epoch; undefined if no epoch has a finite value. */
  readonly score?: number
  readonly bestEpoch?: number
  /** The time of its units of work. */
  readonly seconds?: number
  /** The objective after each epoch; null if it is not finite. */
  readonly curve: readonly CurvePoint[]
  /** Its folder relative to that of the sweep, such as `trials/0007`. */
  readonly folder: string
  readonly hasReport: boolean
  readonly hasSpec: boolean
}

export interface CurvePoint {
  readonly epoch: number
  readonly value: number | null
}

export interface RungSummary {
  readonly epochs: number
  /** Its trials by number, with the scores that were compared. */
  readonly trials: readonly { readonly number: number; readonly score?: number; readonly isPromoted: boolean }[]
  /** Whether its promotions are decided, or still open; from the last rung, no trial is promoted. */
  readonly kind: 'decided' | 'open' | 'last'
}

/** The done trial with the best score, the first of equal ones. Without a done trial, the best of the others that have a score. */
export function bestTrial({ trials, objective }: Pick<SweepSummary, 'trials' | 'objective'>): TrialSummary | undefined {
  const scored = trials.filter(({ score }) => score !== undefined)
  const done = scored.filter(({ state }) => state === 'done')
  const compared = (trial: TrialSummary) => ({ number: trial.number, score: trial.score })
  return (done.length > 0 ? done : scored).toSorted((a, b) =>
    compareScores(compared(a), compared(b), objective.direction),
  )[0]
}

/** The number of trials in each state that occurs, in a fixed order. */
export function countStates(trials: readonly Pick<TrialSummary, 'state'>[]): (readonly [TrialStatus, number])[] {
  return stateOrder
    .map((state) => [state, trials.filter((trial) => trial.state === state).length] as const)
    .filter(([, count]) => count > 0)
}

export const stateOrder: readonly TrialStatus[] = [
  'done',
  'running',
  'pending',
  'stopped',
  'interrupted',
  'failed',
  'infeasible',
  'excluded',
]
