/** Implements `shapewright runs`: lists the runs and sweeps in a folder, or the trials of a sweep. Exits with 2 if one of them is damaged, after listing the others. */
import { statSync } from 'node:fs'
import { KnownError } from '../system/knownError.ts'
import { listRuns, renderRuns, sortRuns, warnOfTestSelection } from '../report/run/runsTable.ts'
import { listSweeps } from '../report/sweep/sweepRuns.ts'
import { escapeInLine } from '../system/controlCharacters.ts'
import type { runs } from './commands/runs.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { exitCodes } from '../system/exitCodes.ts'

type RunsOptions = OptionsOf<typeof runs>

export async function runsCommand(folder: string, { format, sort, all }: RunsOptions): Promise<number> {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new KnownError('usage', `there is no folder ${folder}`, '`shapewright train` creates run folders in `runs`')
  }
  let damaged = 0
  const report = ({ message, help }: KnownError) => {
    damaged += 1
    process.stderr.write(`error: ${escapeInLine(message)}\nhelp: ${escapeInLine(help)}\n`)
  }
  const found = [...(await listRuns(folder, report)), ...(await listSweeps(folder, all === true, report))]
  const rows = sortRuns(found, sort)
  if (format === 'json') process.stdout.write(`${JSON.stringify({ version: 1, runs: rows }, null, 2)}\n`)
  else if (rows.length > 0) process.stdout.write(renderRuns(rows))
  else if (damaged === 0) process.stderr.write(`there are no runs in ${folder}\n`)
  const warning = warnOfTestSelection(rows, sort)
  if (warning) process.stderr.write(`warning: ${warning.message}\nhelp: ${warning.help}\n`)
  return damaged > 0 ? exitCodes.usage : exitCodes.fine
}
