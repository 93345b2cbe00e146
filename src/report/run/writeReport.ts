/** Writes the report of a run folder into it. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { analyzeRun } from './analyzeRun.ts'
import { renderReport } from './renderReport.ts'
import { runFiles, type RunRecord } from './runRecord.ts'

/** @returns Where it is. */
export async function writeReport(run: RunRecord, path = join(run.folder, runFiles.report)): Promise<string> {
  const written = `${path}.writing-${process.pid}`
  await writeFile(written, renderReport(run, analyzeRun(run)))
  await rename(written, path)
  return path
}
