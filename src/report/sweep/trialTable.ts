/** The table of the trials of a sweep, best first, for the terminal and as JSON. */
import Table from 'cli-table3'
import { formatLarge } from '../../diagnostics/formatCount.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { sortByScore, type SweepState, type TrialResult } from '../../tasks/sweep/readSweep.ts'
import { formatMetric, formatSeconds } from '../run/numbers.ts'

/** Prints the trials that can be trained, best first; excluded and infeasible ones are only counted. */
export function renderTrials({ record, trials }: SweepState): string {
  const shown = sortByScore(trials, record).filter(isTrained)
  const { metric } = record.objective
  const table = new Table({
    head: ['trial', 'values', metric, 'epoch', 'params', 'time', 'state'],
    chars: borderless,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
  })
  for (const { number, label, best, trained, epochs, facts, seconds, state, failure } of shown) {
    const cells = [
      `${number}`.padStart(4, '0'),
      label,
      best ? formatMetric(metric, best.score) : '',
      best ? `${best.epoch} of ${trained}${trained < epochs ? `/${epochs}` : ''}` : '',
      facts.params === null ? '' : formatLarge(facts.params),
      seconds > 0 ? formatSeconds(seconds) : '',
      failure === undefined ? state : `${state}: ${failure}`,
    ]
    table.push(cells.map(escapeInLine))
  }
  return `${table.toString()}\n`
}

const borders = ['top', 'bottom', 'left', 'right'].flatMap((side) =>
  ['', '-mid', '-left', '-right'].map((part) => side + part),
)
const borderless = Object.fromEntries([...borders, 'mid', 'mid-mid', 'middle'].map((name) => [name, '']))

function isTrained({ state }: TrialResult): boolean {
  return state !== 'excluded' && state !== 'infeasible'
}

/** All trials as data, best first, then those that cannot be trained. */
export function describeTrials({ folder, record, trials }: SweepState): object {
  const { objective, forecast } = record
  const sorted = sortByScore(trials, record)
  const rows = [...sorted.filter(isTrained), ...trials.filter((trial) => !isTrained(trial))]
  return {
    version: 1,
    sweep: record.name,
    folder,
    objective,
    ...(forecast && { forecast }),
    trials: rows.map(
      ({ number, label, values, state, reason, failure, best, trained, epochs, facts, seconds, folder: place }) => ({
        trial: number,
        label,
        values,
        state,
        ...(reason !== undefined && { reason }),
        ...(failure !== undefined && { failure }),
        ...(best && { score: best.score, epoch: best.epoch }),
        trained,
        epochs,
        params: facts.params,
        seconds,
        folder: place,
      }),
    ),
  }
}
