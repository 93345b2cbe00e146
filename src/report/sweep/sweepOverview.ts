/** Renders the head of a sweep's page: its name, its best result, and how far it is. */
import { countOf, formatBytes, formatCount } from '../../diagnostics/formatCount.ts'
import { html, type Html } from '../run/html.ts'
import { renderFigures, type Figure } from '../run/figures.ts'
import { formatDate, formatMetric, formatSeconds, metricLabel } from '../run/numbers.ts'
import { countStates, type SweepSummary, type TrialSummary } from './sweepSummary.ts'
import { shorten } from './values.ts'

export function renderSweepOverview(sweep: SweepSummary, best: TrialSummary | undefined, links: Html): Html {
  const { name, date, objective, stopping, trials } = sweep
  const facts = [
    `sweep of ${countOf(trials.length, 'trial')}`,
    `${objective.direction}s ${objective.metric}`,
    stopping && { successiveHalving: 'successive halving', asha: 'asha' }[stopping.kind],
    date && formatDate(date),
  ].filter((fact) => typeof fact === 'string')
  const notice = noticeFor(sweep, best)
  return html`<header>
    <h1><bdi>${shorten(name, 300)}</bdi></h1>
    <p class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>
    ${notice !== undefined && html`<p class="notice">${notice}</p>`}
    ${renderFigures([...bestFigures(sweep, best), trialsFigure(sweep), ...timeFigure(sweep)])} ${links}
  </header>`
}

/** Says that the sweep is not finished, or that it has no result. */
function noticeFor({ trials, folder }: SweepSummary, best: TrialSummary | undefined): string | undefined {
  const count = (...states: readonly string[]) => trials.filter(({ state }) => states.includes(state)).length
  const open = count('pending', 'running', 'interrupted')
  const parts = [
    best === undefined && `No trial has a score${open > 0 ? ' yet' : ''}.`,
    best !== undefined && best.state !== 'done' && 'No trial is done; the best so far is of a trial that is not.',
    open > 0 &&
      `${countOf(open, 'trial')} of ${formatCount(trials.length)} ${open === 1 ? 'has' : 'have'} not ended. \`shapewright report ${folder}\` writes this page again.`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? undefined : parts.join(' ')
}

function bestFigures({ objective }: SweepSummary, best: TrialSummary | undefined): Figure[] {
  if (best?.score === undefined) return []
  const { number, bestEpoch, facts } = best
  const label = `best ${metricLabel(objective.metric.replace(/^val_/, 'validation '))}`
  const note = `trial ${number}${bestEpoch === undefined ? '' : `, epoch ${bestEpoch}`}`
  const size: Figure[] =
    facts.params === null
      ? []
      : [
          {
            label: 'parameters of the best',
            value: formatCount(facts.params),
            ...(facts.memory !== null && { note: `${formatBytes(facts.memory)} to train` }),
          },
        ]
  return [{ label, value: formatMetric(objective.metric, best.score), note }, ...size]
}

function trialsFigure({ trials }: SweepSummary): Figure {
  const counts = countStates(trials)
  const done = trials.filter(({ state }) => state === 'done').length
  const others = counts.flatMap(([state, count]) => (state === 'done' ? [] : `${formatCount(count)} ${state}`))
  return {
    label: 'trials done',
    value: `${formatCount(done)} of ${formatCount(trials.length)}`,
    ...(others.length > 0 && { note: others.join(', ') }),
  }
}

function timeFigure({ trials, forecast }: SweepSummary): Figure[] {
  const total = trials.reduce((sum, trial) => sum + (trial.seconds ?? 0), 0)
  if (forecast === undefined) {
    return total === 0 ? [] : [{ label: 'time of all trials', value: formatSeconds(total) }]
  }
  const { seconds, actual, parallel } = forecast
  if (actual !== undefined)
    return [{ label: 'time', value: formatSeconds(actual), note: compareTimes(seconds, actual) }]
  const note = `forecast ${formatSeconds(seconds)} with ${countOf(parallel, 'trial')} at once`
  return [{ label: 'time of all trials', value: total === 0 ? '–' : formatSeconds(total), note }]
}

function compareTimes(forecast: number, actual: number): string {
  const text = `forecast ${formatSeconds(forecast)}`
  if (forecast <= 0) return text
  const off = Math.round(100 * (actual / forecast - 1))
  return `${text}, ${off === 0 ? 'as it took' : `took ${Math.abs(off)}% ${off > 0 ? 'longer' : 'less'}`}`
}
