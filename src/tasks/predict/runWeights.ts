/** Loads the weights of a saved run: the final weights, or those of a checkpoint. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type * as tf from '@tensorflow/tfjs'
import { unreadableData } from '../../system/knownError.ts'
import { readSavedRun, restoreWeights } from '../../runtime/runs/checkpoint.ts'
import { checkpointFolder } from '../../runtime/runs/checkpointFolder.ts'
import { DamagedFileError, decodeTensorFile } from '../../runtime/runs/tensorFile.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { assignSavedWeights, readRunModel } from '../../runtime/runs/saveModel.ts'

/**
 * Assigns the weights of a run to a model.
 *
 * @param checkpoint The name of a checkpoint, such as `best` or `step-00001875`; the final weights by default.
 * @throws KnownError if the checkpoint is missing or damaged, or the saved model is damaged.
 */
export async function loadRunWeights(model: tf.LayersModel, folder: string, checkpoint?: string): Promise<void> {
  if (checkpoint === undefined) return assignSavedWeights(model, await readRunModel(folder))
  const extension = '.safetensors'
  const files = await readdir(checkpointFolder(folder)).catch((): string[] => [])
  const names = files.filter((file) => file.endsWith(extension)).map((file) => file.slice(0, -extension.length))
  if (!names.includes(checkpoint)) {
    const help = names.length === 0 ? 'It has none.' : `It has ${names.toSorted().join(', ')}.`
    throw unreadableData(`${folder} has no checkpoint ${JSON.stringify(checkpoint)}.`, help)
  }
  const path = join(checkpointFolder(folder), `${checkpoint}${extension}`)
  try {
    const file = decodeTensorFile(await readWholeFile(path, fileSizeLimits.data))
    readSavedRun(file)
    restoreWeights(model, file)
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error
    throw unreadableData(
      `${path} is damaged: ${error.message}.`,
      'Use another checkpoint, or the final weights of the run.',
    )
  }
}
