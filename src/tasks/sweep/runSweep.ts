/**
 * Drives a sweep: hands units to an executor as they become ready, and records in the ledger what starts, ends and is
 * promoted. All state is in the files of the sweep, so another process can continue at any moment.
 */
import { randomUUID } from 'node:crypto'
import { describeThisProcess, hasEnded, isOnThisMachine, type LockHolder } from '../../runtime/runs/lockHolder.ts'
import { KnownError } from '../../system/knownError.ts'
import type { EpochRecord } from '../train/epochHistory.ts'
import type { Executor, UnitStatus } from './executors/executor.ts'
import { extendLedger, readLedger, type LedgerEvent, type Undated } from './ledger.ts'
import { progressOf, type SweepProgress } from './progress.ts'
import { readSweepRecord, trialFolder, type SweepRecord } from './sweepFiles.ts'
import { readHistories, readHistory } from './trialResult.ts'
import { commandOfUnit, type ReadyUnit } from './unitCommand.ts'

/** A unit that has ended, as the listener receives it. */
export interface EndedUnit extends ReadyUnit {
  readonly exitCode?: number
  readonly signal?: string
  readonly seconds: number
}

export interface SweepListener {
  onStart?(unit: ReadyUnit): void
  onEnd?(unit: EndedUnit, history: readonly EpochRecord[], progress: SweepProgress): void
  /** Called several times a second. */
  onPoll?(progress: SweepProgress): void
}

export interface SweepRun {
  /** The number of units that run at once. */
  readonly parallel: number
  /** Starts shapewright: `['node', '…/bin.cjs']`. */
  readonly program: readonly string[]
  /** Ends the sweep: running trials save checkpoints, and others do not start. */
  readonly signal: AbortSignal
  readonly listener?: SweepListener
  /** Milliseconds between two polls of the executor; 100 by default. */
  readonly interval?: number
}

/**
 * Runs the units of a sweep until all have ended, those that wait for a trial that was interrupted excepted, or the signal
 * is aborted.
 *
 * @throws KnownError if another process runs the sweep, or the ledger cannot be written.
 */
export async function runSweep(folder: string, executor: Executor, run: SweepRun): Promise<void> {
  const record = await readSweepRecord(folder)
  await beginSession(folder, executor, run)
  const histories = await readHistories(folder, record)
  const active = new Map<number, ActiveUnit>()
  const finished = new Set<number>()
  let isCanceled = false
  try {
    for (;;) {
      const progress = await promote(folder, record, histories)
      const ready = run.signal.aborted
        ? []
        : readyUnits(progress).filter((one) => !active.has(one.unit) && !finished.has(one.unit))
      const next = ready.slice(0, Math.max(0, run.parallel - active.size))
      for (const unit of next) active.set(unit.unit, { ...unit, isStarted: false })
      await executor.submit(
        next.map((unit) => commandOfUnit(folder, record, unit, run.program)),
        run.parallel,
      )
      if (active.size === 0) return
      const changed = await nextChange(executor, active, { ...run, onAbort: cancelOnce, progress })
      await recordChanges(folder, changed, isCanceled)
      for (const { unit, status } of changed) {
        if (status.state === 'running') {
          active.set(unit.unit, { ...unit, isStarted: true })
          run.listener?.onStart?.(unit)
          continue
        }
        active.delete(unit.unit)
        const history = await readHistory(trialFolder(folder, unit.trial))
        histories.set(unit.trial, history)
        // A unit that a signal ended, or that was lost, is tried again, unless that makes it fail in the ledger.
        const isKilled = status.state === 'lost' || 'signal' in status
        if (!isKilled || isCanceled) finished.add(unit.unit)
        run.listener?.onEnd?.(endOf(unit, status), history, progressOf(record, await readLedger(folder), histories))
      }
    }
  } catch (error) {
    await executor.cancel()
    throw error
  }

  async function cancelOnce(): Promise<void> {
    if (isCanceled) return
    isCanceled = true
    await executor.cancel()
  }
}

interface ActiveUnit extends ReadyUnit {
  /** Whether the ledger says that it has started. */
  readonly isStarted: boolean
}

interface Change {
  readonly unit: ActiveUnit
  readonly status: Exclude<UnitStatus, { readonly state: 'pending' }>
}

/** Waits until a unit starts or ends. */
async function nextChange(
  executor: Executor,
  active: ReadonlyMap<number, ActiveUnit>,
  {
    signal,
    interval = 100,
    listener,
    onAbort,
    progress,
  }: SweepRun & { onAbort(): Promise<void>; progress: SweepProgress },
): Promise<Change[]> {
  for (;;) {
    if (signal.aborted) await onAbort()
    const statuses = await executor.status()
    const changed = [...active.values()].flatMap((unit): Change[] => {
      const status = statuses.get(unit.unit) ?? { state: 'lost' }
      if (status.state === 'pending' || (status.state === 'running' && unit.isStarted)) return []
      return [{ unit, status }]
    })
    listener?.onPoll?.(progress)
    if (changed.length > 0) return changed
    await new Promise((done) => setTimeout(done, interval))
  }
}

/** Writes what has changed to the ledger. Units that were canceled before they started leave no line. */
async function recordChanges(folder: string, changed: readonly Change[], isCanceled: boolean): Promise<void> {
  await extendLedger(folder, () =>
    changed.flatMap(({ unit: { unit, trial, epochs, isStarted }, status }): Undated<LedgerEvent>[] => {
      const common = { unit, trial, epochs }
      if (status.state === 'running') {
        const { host, pid } = status
        return [{ event: 'started', ...common, host, ...(pid !== undefined && { pid }) }]
      }
      const end = endOf({ unit, trial, epochs }, status)
      // A trial that this sweep has killed itself has not failed.
      if (isCanceled && (end.signal !== undefined || !isStarted)) return []
      return [{ event: 'ended', ...end }]
    }),
  )
}

function endOf({ unit, trial, epochs }: ReadyUnit, status: Change['status']): EndedUnit {
  const common = { unit, trial, epochs }
  if (status.state !== 'ended') return { ...common, signal: 'lost', seconds: 0 }
  const { seconds = 0 } = status
  return 'signal' in status
    ? { ...common, signal: status.signal, seconds }
    : { ...common, exitCode: status.exitCode, seconds }
}

/** Decides the promotions that are due, and returns the progress with them. */
export async function promote(
  folder: string,
  record: SweepRecord,
  histories: ReadonlyMap<number, readonly EpochRecord[]>,
): Promise<SweepProgress> {
  const progress = progressOf(record, await readLedger(folder), histories)
  if (progress.due.length === 0) return progress
  await extendLedger(folder, (events) => progressOf(record, events, histories).due)
  return await promote(folder, record, histories)
}

/** The units that can be trained now, later rungs first, so that asha trains the best trials further before it tries new ones. */
function readyUnits({ units }: SweepProgress): ReadyUnit[] {
  return units
    .toSorted((one, other) => other.unit.rung - one.unit.rung || one.unit.unit - other.unit.unit)
    .flatMap((one) => (one.state === 'ready' ? [{ unit: one.unit.unit, trial: one.trial, epochs: one.epochs }] : []))
}

/** @throws KnownError if the process of the last session still runs on this machine. */
async function beginSession(folder: string, { name }: Executor, { parallel }: SweepRun): Promise<void> {
  await extendLedger(folder, (events) => {
    const last = lastSession(events)
    if (last?.process !== undefined && last.process.pid !== process.pid && isRunningSession(last.process)) {
      throw new KnownError(
        'run',
        `Process ${last.process.pid} is running the sweep in ${folder}.`,
        'Wait until it ends, or stop it.',
      )
    }
    return [{ event: 'session', executor: name, parallel, process: describeThisProcess(randomUUID(), 0) }]
  })
}

function lastSession(events: readonly LedgerEvent[]) {
  return events.findLast((event) => event.event === 'session')
}

/** Whether the process runs on this machine; one on another machine cannot be seen, but its trials are locked. */
function isRunningSession(process: LockHolder): boolean {
  return isOnThisMachine(process) && !hasEnded(process)
}
