import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readSavedRun, type SavedRun } from './checkpoints/checkpoint.ts'
import { checkpointFolder, readNewestCheckpoint } from './checkpoints/checkpointFolder.ts'
import { compareDescriptions } from './checkpoints/experimentDescription.ts'
import { type TensorFile } from './checkpoints/tensorFile.ts'
import { removeUnfinished } from './checkpoints/writeWhole.ts'
import { type Experiment, type TrainingOptions } from './experiment.ts'
import { RunFolderError } from './runFolderError.ts'
import { lockRun } from './runLock.ts'

/** A run that is gone on with. */
export interface ResumedRun {
  readonly folder: string
  /** Missing where the run was ended before its first checkpoint: then it begins anew. */
  readonly checkpoint?: TensorFile
  readonly saved?: SavedRun
  /** What the user should know: which checkpoints are damaged, and where the run goes on. */
  readonly notes: readonly string[]
}

/**
 * Finds the newest good checkpoint of a run, and clears away what was left unfinished.
 *
 * @throws RunFolderError where the folder is not that of a run, or another process trains in it.
 */
export async function openRun(folder: string): Promise<ResumedRun> {
  if (!existsSync(join(folder, 'environment.json'))) {
    throw new RunFolderError(`${folder} is not the folder of a run.`, 'Runs are usually below the folder `runs`.')
  }
  lockRun(folder)
  await removeUnfinished(folder)
  const checkpoints = checkpointFolder(folder)
  if (existsSync(checkpoints)) await removeUnfinished(checkpoints)
  const damaged: string[] = []
  const found = await readNewestCheckpoint(folder, (path, why) => damaged.push(`${path} is damaged: ${why}.`))
  if (found === undefined) {
    return { folder, notes: [...damaged, `${folder} has no checkpoint that is whole: the run begins anew.`] }
  }
  const saved = readSavedRun(found.content)
  const place = saved.step === 0 ? `${saved.epoch - 1} epochs` : `step ${saved.step} of epoch ${saved.epoch}`
  const notes = [...damaged, `Going on from ${found.path}, after ${place.replace(/^1 epochs/, '1 epoch')}.`]
  return { folder, checkpoint: found.content, saved, notes }
}

/**
 * How a compiled script goes on: as the run was begun, but for the epochs, and what the user asks for now.
 *
 * @throws RunFolderError where the script states something else than when the run was begun.
 */
export function resumeTraining(
  experiment: Experiment,
  { folder, saved }: ResumedRun,
  asked: Partial<TrainingOptions>,
): Partial<TrainingOptions> {
  if (saved === undefined) return asked
  const { epochs, ...stated } = experiment.training
  const { epochs: epochsBefore, ...statedBefore } = saved.stated
  requireNoDifference(folder, compareDescriptions(statedBefore, stated))
  return { ...saved.training, ...(epochs !== epochsBefore && { epochs }), ...asked }
}

/** @throws RunFolderError where a run cannot be gone on with, for something has changed. */
export function requireNoDifference(folder: string, differences: readonly string[]): void {
  if (differences.length === 0) return
  const shown = differences.slice(0, 5).join('; ')
  const more = differences.length > 5 ? `; and ${differences.length - 5} more` : ''
  throw new RunFolderError(
    `${folder} cannot be gone on with, for the experiment has changed: ${shown}${more}.`,
    'Only the number of epochs may be raised. Change the rest back, or begin a new run.',
  )
}
