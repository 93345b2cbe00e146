/** Prints the comparison of two sweeps as text, as that of two specs. */
import { countOf } from '../../diagnostics/formatCount.ts'
import type { Palette } from '../../diagnostics/renderPretty.ts'
import { headOf, resultRow, section, settingRow, type DiffRow } from '../diff/renderDiff.ts'
import { formatMetric } from '../run/numbers.ts'
import type { BestTrial, CommonTrial, SweepComparison } from './compareSweeps.ts'
import { printValue, shorten } from './values.ts'

/** The most trials whose results are listed. */
const mostTrials = 10

export function renderSweepDiff(comparison: SweepComparison, palette: Palette): string {
  const { before, after, settings, parameters, results, best, differs } = comparison
  const metric = results[0]?.key ?? ''
  const parts = [
    section('Sweep', settings.map(settingRow), palette),
    section(
      'Parameters',
      parameters.map(({ key, before: old, after: fresh }) =>
        settingRow({ key, before: old && listValues(old), after: fresh && listValues(fresh) }),
      ),
      palette,
    ),
    section('Trials', trialRows(comparison), palette),
    section('Results', [...results.map(resultRow), ...bestRows(best)], palette),
    metric === '' ? '' : section('Trials with other results', changedRows(comparison, metric), palette),
  ].filter((part) => part !== '')
  const same = differs ? [] : ['The sweeps have the same trials.']
  return `${[headOf(before, after, palette), ...same, ...parts].join('\n\n')}\n`
}

function listValues(values: unknown): string {
  const texts = (values as readonly unknown[]).map((value) => printValue(value, 30))
  const more = texts.length > 8 ? [`${texts.length - 8} more`] : []
  return [...texts.slice(0, 8), ...more].join(', ')
}

function trialRows({ before, after, trials }: SweepComparison): DiffRow[] {
  const { common, onlyBefore, onlyAfter } = trials
  return [
    [' ', 'in both', String(common.length)],
    ...(onlyBefore > 0 ? [['-', `only in ${before}`, String(onlyBefore)]] : []),
    ...(onlyAfter > 0 ? [['+', `only in ${after}`, String(onlyAfter)]] : []),
  ]
}

function bestRows({ before, after }: SweepComparison['best']): DiffRow[] {
  if (before === undefined && after === undefined) return []
  const name = (trial: BestTrial | undefined) =>
    trial === undefined ? 'none' : `trial ${trial.number}, ${shorten(trial.label, 80)}`
  const [old, fresh] = [name(before), name(after)]
  return [[' ', 'best', old === fresh ? old : `${old} → ${fresh}`]]
}

/** The trials of both sweeps whose scores are not equal. Equal specs give equal results on the same engine. */
function changedRows({ trials }: SweepComparison, metric: string): DiffRow[] {
  const changed = trials.common.filter(({ scores }) => scores.before !== scores.after)
  const format = (score: number | undefined) => (score === undefined ? 'none' : formatMetric(metric, score))
  const rows = changed.slice(0, mostTrials).map(({ label, numbers, scores }: CommonTrial): DiffRow => {
    const number = numbers.before === numbers.after ? `${numbers.after}` : `${numbers.before} → ${numbers.after}`
    return ['~', number, `${format(scores.before)} → ${format(scores.after)}`, shorten(label, 80)]
  })
  const more = changed.length - rows.length
  return [...rows, ...(more > 0 ? [[' ', countOf(more, 'more trial'), '']] : [])]
}
