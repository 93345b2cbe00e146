/** The data in the page of a sweep, which its script draws. */
import { formatMetric, isShare } from '../run/numbers.ts'
import { axesOf, distinctNumbers, isLogarithmic, type Axis } from './axes.ts'
import type { SweepSummary } from './sweepSummary.ts'
import { ranksOf, type TrialColumn } from './trialColumns.ts'
import { shorten } from './values.ts'

export interface SweepPageData {
  /** The name of the objective, such as `val_accuracy`. */
  readonly metric: string
  readonly isShare: boolean
  /** Whether curves have a logarithmic scale. */
  readonly isLogarithmic: boolean
  readonly trials: readonly PageTrial[]
  readonly axes: readonly Axis[]
  /** For each column of the table, the rank of each trial; null comes last in both directions. */
  readonly columns: readonly { readonly startsHigh: boolean; readonly ranks: readonly (number | null)[] }[]
  /** The index of the best trial. */
  readonly best: number | null
  /** The epochs of the curves, from the first to the last. */
  readonly epochs: readonly number[]
}

export interface PageTrial {
  readonly number: number
  readonly state: string
  readonly label: string
  readonly score: string
  /** How good the score is among all, from 0 to 1 by rank; null without a score. */
  readonly quality: number | null
  /** The objective at each of the page's epochs. */
  readonly curve: readonly (number | null)[]
}

export function pageDataOf(sweep: SweepSummary, columns: readonly TrialColumn[], best?: number): SweepPageData {
  const { trials, objective } = sweep
  const ranks = ranksOf(trials.map(({ score }) => score))
  const highest = Math.max(1, ...ranks.map((rank) => rank ?? 0))
  const last = trials.reduce((most, { curve }) => Math.max(most, curve.at(-1)?.epoch ?? 0), 0)
  const epochs = Array.from({ length: last }, (_, index) => index + 1)
  const values = trials.flatMap(({ curve }) => curve.flatMap(({ value }) => value ?? []))
  return {
    metric: objective.metric,
    isShare: isShare(objective.metric),
    isLogarithmic: isLogarithmic(distinctNumbers(values)),
    axes: axesOf(sweep),
    columns: columns.map(({ startsHigh = false, keyOf }) => ({ startsHigh, ranks: ranksOf(trials.map(keyOf)) })),
    best: best === undefined ? null : trials.findIndex(({ number }) => number === best),
    epochs,
    trials: trials.map((trial, index) => {
      const rank = ranks[index]!
      const points = new Map(trial.curve.map(({ epoch, value }) => [epoch, value]))
      return {
        number: trial.number,
        state: trial.state,
        label: shorten(trial.label, 200),
        score: trial.score === undefined ? '' : formatMetric(objective.metric, trial.score),
        quality: rank === null ? null : (objective.direction === 'maximize' ? rank : highest - rank) / highest,
        curve: trial.curve.length === 0 ? [] : epochs.map((epoch) => points.get(epoch) ?? null),
      }
    }),
  }
}
