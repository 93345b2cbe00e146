/** The command that trains a unit of a sweep. */
import { join } from 'node:path'
import { runFiles } from '../../system/runFiles.ts'
import type { UnitCommand } from './executors/executor.ts'
import { type SweepRecord, trialFolder } from './sweepFiles.ts'

/** A unit whose trial is known. */
export interface ReadyUnit {
  readonly unit: number
  readonly trial: number
  /** The number of epochs that the trial has at the end. */
  readonly epochs: number
}

/**
 * Returns the command of a unit: `shapewright train SPEC --run FOLDER`.
 *
 * @param folder The sweep folder; absolute if the command runs in another folder.
 * @param program Starts shapewright: `['node', '…/bin.cjs']`.
 */
export function commandOfUnit(
  folder: string,
  record: SweepRecord,
  { unit, trial, epochs }: ReadyUnit,
  program: readonly string[],
): UnitCommand {
  const place = trialFolder(folder, trial)
  const { backend, threads } = record.options
  const planned = record.trials.find(({ number }) => number === trial)?.epochs ?? epochs
  const args = [
    'train',
    join(place, runFiles.spec),
    '--run',
    place,
    // Not --epochs, which would shorten the learning rate schedule as well.
    ...(epochs < planned ? ['--stop-after', `${epochs}`] : []),
    '--backend',
    backend,
    ...(threads === undefined ? [] : ['--threads', `${threads}`]),
  ]
  return { unit, command: [...program, ...args], folder: place, log: join(place, runFiles.log) }
}
