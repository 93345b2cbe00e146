/** Implements `shapewright report`: writes the report of a saved run or sweep from the files in its folder. */
import { programOf } from '../compile.ts'
import type { RunRecord } from '../report/run/runRecord.ts'
import { writeReport } from '../report/run/writeReport.ts'
import { analyzeRun } from '../report/run/analyzeRun.ts'
import { writeSweepReport } from '../report/sweep/writeSweepReport.ts'
import { isSweepFolder } from '../tasks/sweep/sweepFiles.ts'
import type { report } from './commands/report.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { openRun } from './openRun.ts'
import { describeEngine } from './train.ts'

export type ReportOptions = OptionsOf<typeof report>

export async function reportCommand(folder: string, options: ReportOptions): Promise<number> {
  if (isSweepFolder(folder)) {
    process.stdout.write(`${await writeSweepReport(folder, options.out, options.force)}\n`)
    return exitCodes.fine
  }
  const run = await openRun(folder)
  const evaluated = run.inspection === undefined ? await evaluate(run, options) : run
  process.stdout.write(`${await writeReport(evaluated, options.out, options.force)}\n`)
  return exitCodes.fine
}

/** Evaluates a run that was stopped before its evaluation but has saved its model. */
async function evaluate(run: RunRecord, options: ReportOptions): Promise<RunRecord> {
  const { backend, data = run.resolved?.data, quiet } = options
  const analysis = analyzeRun(run)
  if (analysis === undefined || !run.hasModel) return run
  const { evaluateRun } = await import('../tasks/train/trainRun.ts')
  const evaluation = await evaluateRun(programOf(analysis), run.folder, {
    engine: backend,
    withPictures: true,
    ...(data !== undefined && { data }),
    onEngine: (engine) => quiet !== true && process.stderr.write(describeEngine(engine)),
  })
  return evaluation ? { ...run, test: evaluation.logs, inspection: evaluation.inspection } : run
}
