/** Writes the report of a run that `train` has saved. */
import { KnownError } from '../system/knownError.ts'
import { readRun } from '../report/run/runRecord.ts'
import { writeReport } from '../report/run/writeReport.ts'
import { quoteForShell } from '../system/quoteForShell.ts'
import { asKnownError, failedInTraining } from '../system/systemError.ts'

/**
 * @returns The path of the report.
 * @throws KnownError if the system refuses to write it; the trained model is already saved.
 */
export async function finishRun(folder: string): Promise<string> {
  try {
    return await writeReport((await readRun(folder))!)
  } catch (error) {
    const known = asKnownError(error)
    if (known === undefined) throw error
    const help = `The trained model is saved. ${known.help} Then run \`shapewright report ${quoteForShell(folder)}\` to write the report.`
    throw failedInTraining(new KnownError('system', known.message, help, { cause: error }))
  }
}
