/** Reads a sweep folder: the state and the results of each trial. Writes nothing, so it can be called while others train. */
import { hostname } from 'node:os'
import { isProcessGone } from '../../runtime/runs/lockHolder.ts'
import { lockHolderOf } from '../../runtime/runs/runLock.ts'
import type { TrialStatus } from '../../sweep/trial.ts'
import type { EpochRecord } from '../train/epochHistory.ts'
import { type LedgerEvent, readLedger, type StartedEvent } from './ledger.ts'
import { progressOf, type SweepProgress, type TrialProgress } from './progress.ts'
import { readSweepRecord, trialFolder, type SweepRecord, type TrialRecord } from './sweepFiles.ts'
import { compareScores } from '../../sweep/compareScores.ts'
import { type BestEpoch, bestEpoch, readHistories } from './trialResult.ts'

export interface TrialResult extends Omit<TrialRecord, 'state'> {
  readonly state: TrialStatus
  readonly folder: string
  /** The best value of the objective and its epoch. */
  readonly best?: BestEpoch
  /** The number of trained epochs. */
  readonly trained: number
  /** Seconds of training, without validation. */
  readonly seconds: number
  readonly history: readonly EpochRecord[]
  /** How it failed: `exit code 3`, or the signal. */
  readonly failure?: string
}

export interface SweepState {
  readonly folder: string
  readonly record: SweepRecord
  readonly events: readonly LedgerEvent[]
  readonly progress: SweepProgress
  /** In the order of their numbers. */
  readonly trials: readonly TrialResult[]
}

/** @throws KnownError if the folder contains no sweep, or its record is damaged. */
export async function readSweep(folder: string): Promise<SweepState> {
  const [record, events] = await Promise.all([readSweepRecord(folder), readLedger(folder)])
  const histories = await readHistories(folder, record)
  const progress = progressOf(record, events, histories)
  const trials = record.trials.map((trial): TrialResult => {
    const history = histories.get(trial.number) ?? []
    const place = trialFolder(folder, trial.number)
    const own = progress.trials.get(trial.number)
    const best = bestEpoch(history, record.objective)
    const failure = own?.failure
    return {
      ...trial,
      state: own === undefined || trial.state !== 'ready' ? notTrained(trial) : statusOf(trial, own, place),
      folder: place,
      ...(best && { best }),
      trained: history.length,
      seconds: history.reduce((total, epoch) => total + (epoch['seconds'] ?? 0), 0),
      history,
      ...(failure && { failure: failure.signal ?? `exit code ${failure.exitCode}` }),
    }
  })
  return { folder, record, events, progress, trials }
}

function notTrained({ state }: TrialRecord): TrialStatus {
  return state === 'ready' ? 'pending' : state
}

function statusOf({ epochs }: TrialRecord, progress: TrialProgress, folder: string): TrialStatus {
  const { trained, failure, started, outcome } = progress
  if (started && isRunning(started, folder)) return 'running'
  if (trained >= epochs) return 'done'
  if (outcome !== undefined) return outcome
  if (failure) return 'failed'
  return started ? 'interrupted' : 'pending'
}

/** Whether a training that has no end in the ledger goes on: it has locked its folder, or will in its first minute. */
function isRunning({ host, pid, date }: StartedEvent, folder: string): boolean {
  if (lockHolderOf(folder) !== undefined) return true
  const isRecent = Date.now() - Date.parse(date) < 60_000
  return isRecent && host === hostname() && pid !== undefined && !isProcessGone(pid)
}

/** Sorts trials by the objective: the best first, those without a score last. */
export function sortByScore(trials: readonly TrialResult[], { objective }: SweepRecord): TrialResult[] {
  const scored = (trial: TrialResult) => ({ number: trial.number, score: trial.best?.score })
  return trials.toSorted((one, other) => compareScores(scored(one), scored(other), objective.direction))
}
