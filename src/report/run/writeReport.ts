/** Writes the report of a run folder into it. */
import { join } from 'node:path'
import { isOwnPage } from '../../system/marks.ts'
import { reportFile } from '../../system/runFiles.ts'
import { writeOutput } from '../../system/writeOutput.ts'
import { analyzeRun } from './analyzeRun.ts'
import { renderReport } from './renderReport.ts'
import type { RunRecord } from './runRecord.ts'

/**
 * @param force Replaces a file that is not a report.
 * @returns The path of the report.
 * @throws KnownError if the report cannot be written.
 */
export async function writeReport(run: RunRecord, path = join(run.folder, reportFile), force = false): Promise<string> {
  writeOutput([{ path, content: [renderReport(run, analyzeRun(run))], isOurs: isOwnPage }], { force })
  return path
}
