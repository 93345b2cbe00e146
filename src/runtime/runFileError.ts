import { fileFailure } from './systemError.ts'
import { TrainingError } from './trainingError.ts'

/**
 * Writes a file of the run.
 *
 * @throws TrainingError where the system refuses; the run can be gone on with from its last checkpoint.
 */
export async function writeRunFile<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new TrainingError(
      `${path} cannot be written: ${why}.`,
      'What was saved before is whole: make room or mend the folder, then go on from the last checkpoint with --resume.',
    )
  }
}
