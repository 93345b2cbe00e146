/** Lists sweeps and their trials as rows of `runs`. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isKnownError, type KnownError } from '../../system/knownError.ts'
import { isSweepFolder } from '../../tasks/sweep/sweepFiles.ts'
import { metricLabel } from '../run/numbers.ts'
import type { BestFigure, RunRow } from '../run/runsTable.ts'
import { readSweepSummary } from './readSweepSummary.ts'
import { bestTrial, countStates, type SweepSummary, type TrialSummary } from './sweepSummary.ts'
import { shorten } from './values.ts'

/**
 * Lists the sweeps in a folder as a row each, or the trials of the folder if it is a sweep itself.
 *
 * @param withTrials Whether each sweep is followed by its trials.
 * @param onDamaged Called with the error of each sweep that is left out because its record is damaged.
 */
export async function listSweeps(
  folder: string,
  withTrials: boolean,
  onDamaged: (error: KnownError) => void,
): Promise<RunRow[]> {
  if (isSweepFolder(folder)) return trialRows(await readSweepSummary(folder))
  const entries = await readdir(folder, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))
  const rows: RunRow[] = []
  for (const path of folders.filter(isSweepFolder)) {
    try {
      const sweep = await readSweepSummary(path)
      rows.push(sweepRow(sweep), ...(withTrials ? trialRows(sweep) : []))
    } catch (error) {
      if (!isKnownError(error, 'run')) throw error
      onDamaged(error)
    }
  }
  return rows
}

function sweepRow(sweep: SweepSummary): RunRow {
  const { folder, name, date, trials } = sweep
  const best = bestTrial(sweep)
  const others = countStates(trials).flatMap(([state, count]) => (state === 'done' ? [] : `${count} ${state}`))
  const changes = [...(best ? [`best trial ${best.number}: ${best.label}`] : []), ...others].join(', ')
  return {
    folder,
    name,
    ...(date !== undefined && { date }),
    epochs: trials.reduce((total, { epochs }) => total + epochs, 0),
    trials: Object.fromEntries(countStates(trials)),
    ...(best && figureOf(best, sweep)),
    seconds: trials.reduce((total, { seconds = 0 }) => total + seconds, 0),
    ...(changes !== '' && { changes }),
  }
}

export function trialRows(sweep: SweepSummary): RunRow[] {
  return sweep.trials.map((trial) => {
    const { folder, label, state, reason, epochs, plannedEpochs, seconds = 0 } = trial
    const why = state === 'done' ? '' : `${state}${reason === undefined ? '' : ` (${shorten(reason, 60)})`}, `
    return {
      folder: join(sweep.folder, folder),
      name: sweep.name,
      // Trials follow their sweep when rows are sorted by date.
      ...(sweep.date !== undefined && { date: sweep.date }),
      epochs,
      plannedEpochs,
      ...figureOf(trial, sweep),
      seconds,
      changes: `${why}${label}`,
    }
  })
}

function figureOf({ score }: TrialSummary, { objective }: SweepSummary): { best?: BestFigure } {
  if (score === undefined) return {}
  const { metric, direction } = objective
  const source = metric.startsWith('val_') ? 'validation' : 'training'
  const label = `${source} ${metricLabel(metric.replace(/^val_/, ''))}`
  return { best: { metric: label, value: score, upwards: direction === 'maximize' } }
}
