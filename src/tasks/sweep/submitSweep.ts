/** Hands the units of a sweep to a scheduler that keeps them, such as Slurm: nothing stays running here. */
import type { Executor, UnitCommand, UnitStatus } from './executors/executor.ts'
import { extendLedger } from './ledger.ts'
import { promote } from './runSweep.ts'
import { readHistories } from './trialResult.ts'
import { readSweepRecord } from './sweepFiles.ts'

export interface SubmitOptions {
  /** The number of units that run at once; 0 means no limit. */
  readonly parallel: number
  /** The command of a unit as a job: `shapewright sweep FOLDER --unit U`. */
  commandOf(unit: number): UnitCommand
}

/**
 * Submits the units that have not ended and that the scheduler does not have.
 *
 * @returns The numbers of units that were submitted and that were queued or running before.
 * @throws KnownError if the scheduler refuses them.
 */
export async function submitSweep(
  folder: string,
  executor: Executor,
  { parallel, commandOf }: SubmitOptions,
): Promise<{ readonly submitted: number; readonly live: number }> {
  const record = await readSweepRecord(folder)
  const statuses = await executor.status()
  const isLive = (unit: number) => isQueued(statuses.get(unit))
  // A session makes units that failed before ready again.
  await extendLedger(folder, () => [{ event: 'session', executor: executor.name, parallel }])
  const progress = await promote(folder, record, await readHistories(folder, record))
  const left = progress.units.flatMap(({ state, unit: { unit } }) =>
    state === 'ready' || state === 'waiting' ? [unit] : [],
  )
  const missing = left.filter((unit) => !isLive(unit))
  if (missing.length > 0) await executor.submit(left.map(commandOf), parallel)
  return { submitted: missing.length, live: left.length - missing.length }
}

/** Whether a scheduler still has a unit. */
function isQueued(status: UnitStatus | undefined): boolean {
  return status?.state === 'pending' || status?.state === 'running'
}
