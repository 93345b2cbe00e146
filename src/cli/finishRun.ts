/** What `train` adds to a run folder once the run is saved: its compiled script, and the page about it. */
import { join } from 'node:path'
import { writeScript } from '../backends/writeScript.ts'
import type { Program } from '../program/program.ts'
import { readRun } from '../report/run/runRecord.ts'
import { failedInTraining } from '../runtime/systemError.ts'
import { writeReport } from '../report/run/writeReport.ts'

/** @returns Where the page is. */
export async function finishRun(folder: string, program: Program, specText: string): Promise<string> {
  try {
    await writeScript(join(folder, 'script'), program, specText)
    return await writeReport((await readRun(folder))!)
  } catch (error) {
    throw failedInTraining(error)
  }
}
