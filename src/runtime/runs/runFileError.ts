/** Writes run files, with an error that says how to resume. */
import { KnownError } from '../../system/knownError.ts'
import { requireLock } from './runLock.ts'
import { fileFailure } from '../../system/systemError.ts'

/**
 * Writes a file of the run.
 *
 * @throws KnownError if the system refuses, or another process has taken over the run. The run can be resumed from its
 *   last checkpoint.
 */
export async function writeRunFile<T>(path: string, write: () => Promise<T>): Promise<T> {
  requireLock(path)
  try {
    return await write()
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new KnownError(
      'training', `${path} cannot be written: ${why}.`,
      'Earlier checkpoints are intact. Free some space or fix the folder, then use --resume.',
    )
  }
}
