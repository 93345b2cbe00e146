/** Trains one unit of a sweep in this process's place, for schedulers that start each unit as a job: `sweep --unit U FOLDER`. */
import { hostname } from 'node:os'
import { exitCodes } from '../../system/exitCodes.ts'
import { KnownError } from '../../system/knownError.ts'
import { extendLedger } from './ledger.ts'
import { promote } from './runSweep.ts'
import { startTraining } from './startTraining.ts'
import { readHistories } from './trialResult.ts'
import { readSweepRecord, type SweepRecord } from './sweepFiles.ts'
import { commandOfUnit, type ReadyUnit } from './unitCommand.ts'

export { listenForInterruption } from '../../runtime/training/interruption.ts'

export interface UnitRun {
  readonly program: readonly string[]
  /** Interrupts the training, which saves a checkpoint. */
  readonly signal: AbortSignal
  onNote?(text: string): void
  /** Milliseconds between two looks at the ledger while the unit waits for its rung; 5000 by default. */
  readonly interval?: number
}

/**
 * Waits until the rung before has ended, then trains.
 *
 * @returns The exit code of `train`; 0 for a unit that has nothing to train.
 * @throws KnownError if there is no such unit.
 */
export async function runUnit(folder: string, unit: number, run: UnitRun): Promise<number> {
  const record = await readSweepRecord(folder)
  if (record.units[unit] === undefined) {
    throw new KnownError('usage', `the sweep has no unit ${unit}`, `its units are 0 to ${record.units.length - 1}`)
  }
  const ready = await waitForUnit(folder, record, unit, run)
  if (typeof ready === 'number') return ready
  const begun = performance.now()
  const { pid, ended } = startTraining(commandOfUnit(folder, record, ready, run.program))
  run.signal.addEventListener('abort', () => interrupt(pid))
  await extendLedger(folder, () => [
    { event: 'started', ...ready, host: hostname(), ...(pid !== undefined && { pid }) },
  ])
  const end = await ended
  const seconds = (performance.now() - begun) / 1000
  await extendLedger(folder, () => [{ event: 'ended', ...ready, ...end, seconds }])
  // The last unit of a rung decides its promotions; others do nothing here.
  await promote(folder, record, await readHistories(folder, record))
  return 'exitCode' in end ? end.exitCode : exitCodes.failed
}

function interrupt(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGINT')
  } catch {
    // It has ended meanwhile.
  }
}

/** The unit once its trial is known, or the exit code if there is nothing to train. */
async function waitForUnit(
  folder: string,
  record: SweepRecord,
  unit: number,
  { signal, onNote, interval = 5000 }: UnitRun,
): Promise<ReadyUnit | number> {
  for (let isFirst = true; ; isFirst = false) {
    const progress = await promote(folder, record, await readHistories(folder, record))
    const found = progress.units.find((one) => one.unit.unit === unit)!
    if (found.state === 'ready') return { unit, trial: found.trial, epochs: found.epochs }
    if (found.state === 'void') return exitCodes.fine
    if (found.state === 'ended') return progress.trials.get(found.trial)?.failure?.exitCode ?? exitCodes.fine
    if (signal.aborted) return exitCodes.interrupted
    if (isFirst) onNote?.(`Unit ${unit} waits until rung ${found.unit.rung} is decided.`)
    await new Promise((done) => setTimeout(done, interval))
  }
}
