/** The units of work of a sweep: a pure function of its trials and of when poor trials stop. */
import type { Stopping } from '../../sweep/trial.ts'

/**
 * One training of one trial. Without halving, a trial is one unit. With halving, the trial of a unit after the first rung is
 * the one at `place` among those promoted from the rung before.
 */
export interface Unit {
  /** Its index in the list of units, which schedulers pass to `sweep --unit`. */
  readonly unit: number
  readonly rung: number
  /** The number of epochs that the trial has at the end of the unit, at most those of its spec. */
  readonly epochs: number
  /** The number of the trial; absent if it is decided by the rung before. */
  readonly trial?: number
  /** The place among the promoted trials, from 0, in the order of their numbers. */
  readonly place?: number
}

/** What units depend on: the number and the epochs of a trial that can be trained. */
export interface UnitTrial {
  readonly number: number
  readonly epochs: number
}

/** @param trials Those that can be trained, in the order of their numbers. */
export function unitsOf(trials: readonly UnitTrial[], stopping: Stopping | undefined): Unit[] {
  const budgets = rungBudgets(trials, stopping)
  const first = trials.map(({ number, epochs }, unit) => ({
    unit,
    rung: 0,
    epochs: Math.min(budgets[0] ?? epochs, epochs),
    trial: number,
  }))
  const units: Unit[] = [...first]
  let size = trials.length
  for (const [rung, epochs] of budgets.entries()) {
    if (rung === 0 || stopping === undefined) continue
    size = promotedCount(size, stopping)
    for (let place = 0; place < size; place++) units.push({ unit: units.length, rung, epochs, place })
  }
  return units
}

/** The number of trials of a rung that are promoted to the next. */
export function promotedCount(size: number, { reduction }: Stopping): number {
  return size === 0 ? 0 : Math.max(1, Math.floor(size / reduction))
}

/** The epochs at the end of each rung; the last rung reaches those of the longest trial. Empty without halving. */
export function rungBudgets(trials: readonly UnitTrial[], stopping: Stopping | undefined): number[] {
  if (stopping === undefined) return []
  const longest = Math.max(0, ...trials.map(({ epochs }) => epochs))
  const budgets: number[] = []
  for (let rung = 0; (budgets.at(-1) ?? 0) < longest; rung++) {
    budgets.push(Math.min(stopping.minEpochs * stopping.reduction ** rung, longest))
  }
  return budgets
}
