/**
 * How far a sweep is: which trial each unit trains, which units have ended, and which promotions are due. A pure function of
 * `sweep.json`, the ledger and the metrics, so every process that computes it comes to the same result.
 */
import type { EpochRecord } from '../train/epochHistory.ts'
import type { EndedEvent, LedgerEvent, PromotedEvent, StartedEvent } from './ledger.ts'
import type { SweepRecord, TrialRecord } from './sweepFiles.ts'
import { compareScores } from '../../sweep/compareScores.ts'
import { bestEpoch } from './trialResult.ts'
import { promotedCount, type Unit } from './units.ts'

/** A unit whose trial is known, or one that has none: `waiting` for the rung before, or `void` because too few trials were promoted. */
export type UnitProgress =
  | { readonly state: 'waiting' | 'void'; readonly unit: Unit }
  | { readonly state: 'ready' | 'ended'; readonly unit: Unit; readonly trial: number; readonly epochs: number }

/** What the ledger says of a trial. */
export interface TrialProgress {
  /** The epochs of its last unit that succeeded. */
  readonly trained: number
  /** How its last training failed in this session. */
  readonly failure?: EndedEvent
  /** Its last training, if that has not ended or was interrupted. */
  readonly started?: StartedEvent
  /** Whether it failed, or is not promoted, in a rung that is decided. */
  readonly outcome?: 'failed' | 'stopped'
}

export type Promotion = Omit<PromotedEvent, 'date'>

export interface SweepProgress {
  /** In the order of the units. */
  readonly units: readonly UnitProgress[]
  /** By number; only trials that can be trained. */
  readonly trials: ReadonlyMap<number, TrialProgress>
  /** Promotions that follow from the results and are not in the ledger yet. */
  readonly due: readonly Promotion[]
}

export type Histories = ReadonlyMap<number, readonly EpochRecord[]>

export function progressOf(record: SweepRecord, events: readonly LedgerEvent[], histories: Histories): SweepProgress {
  const trials = new Map(record.trials.flatMap((trial) => (trial.state === 'ready' ? [[trial.number, trial]] : [])))
  const seen = eventsOfTrials(events, histories)
  const outcomes = new Map<number, 'failed' | 'stopped'>()
  const units: UnitProgress[] = []
  const due: Promotion[] = []
  const rungs = Math.max(0, ...record.units.map(({ rung }) => rung + 1))
  let entrants: RungEntrants = { trials: [...trials.keys()], isComplete: true }
  for (let rung = 0; rung < rungs; rung++) {
    const ofRung = record.units.filter((unit) => unit.rung === rung)
    const state: RungState = { record, rung, entrants, trials, seen, histories }
    const [next, isDecided] =
      record.stopping === undefined || rung === rungs - 1 ? [] : nextEntrants(state, events, due)
    const resolved = ofRung.map((unit) => resolveUnit(unit, state, isDecided === true))
    units.push(...resolved)
    if (next === undefined) continue
    if (isDecided === true) {
      for (const trial of entrants.trials) {
        if (!next.trials.includes(trial)) outcomes.set(trial, hasFailed(state, trial, events) ? 'failed' : 'stopped')
      }
    }
    entrants = next
  }
  const progress = new Map(
    [...trials.keys()].map((number) => {
      const { trained = 0, ...rest } = seen.get(number) ?? {}
      const outcome = outcomes.get(number)
      return [number, { trained, ...rest, ...(outcome && { outcome }) }]
    }),
  )
  return { units, trials: progress, due }
}

/** The trials that enter a rung, in the order of their places. */
interface RungEntrants {
  readonly trials: readonly number[]
  /** Whether no more can follow. */
  readonly isComplete: boolean
}

interface RungState {
  readonly record: SweepRecord
  readonly rung: number
  readonly entrants: RungEntrants
  readonly trials: ReadonlyMap<number, TrialRecord>
  readonly seen: ReadonlyMap<number, TrialProgress>
  readonly histories: Histories
}

/** How often a signal may end a trial in one session before it counts as failed. */
const allowedKills = 2

/** The last events of each trial. A session clears failures, so that a resumed sweep tries them again. */
function eventsOfTrials(events: readonly LedgerEvent[], histories: Histories): Map<number, TrialProgress> {
  const seen = new Map<number, TrialProgress>()
  const kills = new Map<number, number>()
  for (const event of events) {
    if (event.event === 'session') {
      kills.clear()
      for (const [trial, { failure: _failure, ...rest }] of seen) seen.set(trial, rest)
    } else if (event.event === 'started') {
      const { trained = 0 } = seen.get(event.trial) ?? {}
      seen.set(event.trial, { trained, started: event })
    } else if (event.event === 'ended') {
      const before = seen.get(event.trial) ?? { trained: 0 }
      const { trained } = before
      if (event.signal !== undefined) kills.set(event.trial, (kills.get(event.trial) ?? 0) + 1)
      const wasKilled = event.signal !== undefined && kills.get(event.trial)! < allowedKills
      if (event.exitCode === 0) seen.set(event.trial, { trained: Math.max(trained, event.epochs) })
      else if (event.exitCode === 130 || wasKilled) seen.set(event.trial, before)
      else seen.set(event.trial, { trained, failure: event })
    }
  }
  // The results of a folder that was deleted are lost.
  for (const [trial, { trained, ...rest }] of seen) {
    if (trained > 0 && (histories.get(trial) ?? []).length === 0) seen.set(trial, { ...rest, trained: 0 })
  }
  return seen
}

function resolveUnit(unit: Unit, state: RungState, isDecided: boolean): UnitProgress {
  const { entrants, trials, seen } = state
  const trial = unit.trial ?? entrants.trials[unit.place ?? 0]
  const found = trial === undefined ? undefined : trials.get(trial)
  if (found === undefined) return { state: entrants.isComplete ? 'void' : 'waiting', unit }
  const epochs = Math.min(unit.epochs, found.epochs)
  const { trained = 0, failure } = seen.get(found.number) ?? {}
  const isEnded = isDecided || trained >= epochs || failure !== undefined
  return { state: isEnded ? 'ended' : 'ready', unit, trial: found.number, epochs }
}

/** The trials of the next rung so far, and whether the decision is complete. Adds what is due to `due`. */
function nextEntrants(
  state: RungState,
  events: readonly LedgerEvent[],
  due: Promotion[],
): [RungEntrants | undefined, boolean] {
  const { record, rung, entrants, trials } = state
  const stopping = record.stopping!
  const size = record.units.filter((unit) => unit.rung === rung).length
  const made = events.filter((event) => event.event === 'promoted' && event.rung === rung) as PromotedEvent[]
  const arrived = entrants.trials.filter((trial) => hasArrived(state, trial))
  const isAll = entrants.isComplete && arrived.length === entrants.trials.length
  if (stopping.kind === 'successiveHalving') {
    // A decision among other trials was made before the sweep file was edited.
    const decision = made.findLast(({ scores }) => isSameSet(Object.keys(scores).map(Number), entrants.trials))
    if (entrants.isComplete && decision) return [{ trials: sorted(decision.trials), isComplete: true }, true]
    if (!isAll) return [{ trials: [], isComplete: false }, false]
    const ranked = rank(state, arrived)
    const promoted = ranked.slice(0, promotedCount(size, stopping)).filter(({ score }) => score !== undefined)
    const chosen = sorted(promoted.map(({ number }) => number))
    due.push({ event: 'promoted', rung, scores: scoresOf(ranked), trials: chosen })
    return [{ trials: chosen, isComplete: true }, true]
  }
  const before = made.flatMap((event) => event.trials).filter((trial) => trials.has(trial))
  const limit = isAll ? promotedCount(size, stopping) : Math.floor(arrived.length / stopping.reduction)
  const ranked = rank(state, arrived)
  const best = ranked.slice(0, limit).filter(({ number, score }) => score !== undefined && !before.includes(number))
  const chosen = best.slice(0, Math.max(0, limit - before.length)).map(({ number }) => number)
  if (chosen.length > 0) due.push({ event: 'promoted', rung, scores: scoresOf(ranked), trials: chosen })
  return [{ trials: [...before, ...chosen], isComplete: isAll }, isAll]
}

/** Whether a trial has ended its unit of the rung. */
function hasArrived({ record, rung, trials, seen }: RungState, trial: number): boolean {
  const { trained, failure } = seen.get(trial) ?? { trained: 0 }
  return failure !== undefined || trained >= budgetOf(record, rung, trials.get(trial)!)
}

function budgetOf(record: SweepRecord, rung: number, { number, epochs }: TrialRecord): number {
  const unit = record.units.find((one) => one.rung === rung && (one.trial ?? number) === number)
  return Math.min(unit?.epochs ?? epochs, epochs)
}

interface RankedTrial {
  readonly number: number
  readonly score: number | undefined
}

/** Sorts trials by their best epoch up to the budget of the rung; failed ones have no score. */
function rank(state: RungState, numbers: readonly number[]): RankedTrial[] {
  const { record, rung, trials, seen, histories } = state
  const scored = numbers.map((number) => {
    const { failure } = seen.get(number) ?? {}
    const epochs = budgetOf(record, rung, trials.get(number)!)
    return {
      number,
      score: failure ? undefined : bestEpoch(histories.get(number) ?? [], record.objective, epochs)?.score,
    }
  })
  return scored.toSorted((one, other) => compareScores(one, other, record.objective.direction))
}

function scoresOf(ranked: readonly RankedTrial[]): Record<number, number | null> {
  return Object.fromEntries(ranked.map(({ number, score }) => [number, score ?? null]))
}

/** Whether a trial of a decided rung failed in it: the decision keeps that when a new session clears failures. */
function hasFailed({ rung, seen }: RungState, trial: number, events: readonly LedgerEvent[]): boolean {
  if (seen.get(trial)?.failure) return true
  const made = events.findLast((event) => event.event === 'promoted' && event.rung === rung && trial in event.scores)
  return made?.event === 'promoted' && made.scores[trial] === null
}

function isSameSet(some: readonly number[], others: readonly number[]): boolean {
  return some.length === others.length && sorted(some).every((number, index) => number === sorted(others)[index])
}

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b)
}
