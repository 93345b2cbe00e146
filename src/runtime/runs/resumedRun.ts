/** Opens a run folder to resume its run. */
import { existsSync } from 'node:fs'
import { countOf } from '../../diagnostics/formatCount.ts'
import { KnownError } from '../../system/knownError.ts'
import { readSavedRun, type SavedRun } from './checkpoint.ts'
import { checkpointFolder, readNewestCheckpoint } from './checkpointFolder.ts'
import { compareDescriptions } from './experimentDescription.ts'
import { type TensorFile } from './tensorFile.ts'
import { removeUnfinished } from './writeWhole.ts'
import { type Experiment, type TrainingOptions } from '../training/experiment.ts'
import { openRunFiles } from './verifiedFiles.ts'
import { stateOfFolder } from './runFolderState.ts'
import { lockRun, unlockRun } from './runLock.ts'
import { keepManifest } from './runManifest.ts'

/** A run that is resumed. */
export interface ResumedRun {
  readonly folder: string
  /** Whether the folder describes the run. If its process was killed before that, the folder counts as new. */
  readonly isDescribed: boolean
  /** Missing if the run ended before its first checkpoint: then it starts again. */
  readonly checkpoint?: TensorFile
  readonly saved?: SavedRun
  /** Messages for the user: damaged checkpoints, and where the run resumes. */
  readonly notes: readonly string[]
}

/**
 * Locks a run, reads its newest intact checkpoint, and removes unfinished files.
 *
 * @param onWait Called with the reason if locking takes a while.
 * @throws KnownError if the folder is not a run folder, its manifest is damaged, or another process trains in it.
 */
export async function openRun(folder: string, onWait?: (text: string) => void): Promise<ResumedRun> {
  if (!['run', 'unused'].includes(stateOfFolder(folder))) {
    throw new KnownError('run', `${folder} is not a run folder.`, 'Run folders are usually in the folder `runs`.')
  }
  await lockRun(folder, onWait && { onWait })
  try {
    return await openLockedRun(folder)
  } catch (error) {
    unlockRun(folder)
    throw error
  }
}

async function openLockedRun(folder: string): Promise<ResumedRun> {
  await removeUnfinished(folder)
  const { manifest } = await openRunFiles(folder)
  keepManifest(folder, manifest)
  const isDescribed = stateOfFolder(folder) === 'run'
  if (!isDescribed) {
    const notes = manifest ? [`${folder} has no training progress: the run starts from the beginning.`] : []
    return { folder, isDescribed, notes }
  }
  const checkpoints = checkpointFolder(folder)
  if (existsSync(checkpoints)) await removeUnfinished(checkpoints)
  const damaged: string[] = []
  const found = await readNewestCheckpoint(folder, (path, why) => damaged.push(`${path} is damaged: ${why}.`))
  if (found === undefined) {
    return {
      folder,
      isDescribed,
      notes: [...damaged, `${folder} has no intact checkpoint: the run starts from the beginning.`],
    }
  }
  const saved = readSavedRun(found.content)
  const place = saved.step === 0 ? `${saved.epoch - 1} epochs` : `step ${saved.step} of epoch ${saved.epoch}`
  const notes = [...damaged, `Resuming from ${found.path}, after ${place.replace(/^1 epochs/, '1 epoch')}.`]
  return { folder, isDescribed, checkpoint: found.content, saved, notes }
}

/**
 * The options of a resumed run: those it was started with, except for a changed number of epochs and what the user asks
 * for now. Threads that were `auto` keep their number, since another machine might choose another.
 *
 * @throws KnownError if the options of the experiment have changed since the run started.
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
  const { threads } = saved.training
  const training = {
    ...saved.training,
    ...(threads === 'auto' && { threads: saved.threads }),
    ...(epochs !== epochsBefore && { epochs }),
    ...asked,
  }
  // Before any file of the run is replaced.
  requireEnoughEpochs(folder, saved, training.epochs)
  return training
}

/** @throws KnownError if more is trained than the requested number of epochs. */
export function requireEnoughEpochs(folder: string, { epoch, step, training }: SavedRun, epochs: number): void {
  const whole = epoch - 1
  const isTooFew = epochs < whole || (epochs === whole && step > 0)
  if (!isTooFew || epochs >= training.epochs) return
  const begun = step > 0 ? ` and ${countOf(step, 'step')} of the next` : ''
  const trained = `${countOf(whole, 'epoch')}${begun} ${whole === 1 && step === 0 ? 'is' : 'are'} already trained`
  requireNoDifference(folder, [`${trained}, but only ${epochs} ${epochs === 1 ? 'is' : 'are'} requested`])
}

/** @throws KnownError if there are differences, which prevent resuming. */
export function requireNoDifference(folder: string, differences: readonly string[]): void {
  if (differences.length === 0) return
  const shown = differences.slice(0, 5).join('; ')
  const more = differences.length > 5 ? `; and ${differences.length - 5} more` : ''
  throw new KnownError(
    'run', `${folder} cannot be resumed because the experiment has changed: ${shown}${more}.`,
    'Only the number of epochs can be raised. Undo the other changes, or start a new run.',
  )
}
