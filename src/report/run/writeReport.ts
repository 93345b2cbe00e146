/** Writes the report of a run folder into it. */
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Analysis } from '../../compile.ts'
import { checkText } from '../../compile.ts'
import { hasErrors } from '../../diagnostics/diagnostic.ts'
import { renderReport } from './renderReport.ts'
import { runFiles, type RunRecord } from './runRecord.ts'

/** @returns Where it is. */
export async function writeReport(run: RunRecord, path = join(run.folder, runFiles.report)): Promise<string> {
  const written = `${path}.writing-${process.pid}`
  await writeFile(written, renderReport(run, analyzeRun(run)))
  await rename(written, path)
  return path
}

/** The network that was trained; undefined where the spec is missing, or no spec any more for this version. */
export function analyzeRun({ specText, resolved }: RunRecord): Analysis | undefined {
  const analysis = specText === undefined ? undefined : checkText(specText, resolved?.file ?? runFiles.spec)
  return analysis === undefined || hasErrors(analysis.diagnostics) ? undefined : analysis
}
