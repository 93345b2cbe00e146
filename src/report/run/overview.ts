/** Renders the head of the page: the name of the run and its most important figures. */
import type { Analysis } from '../../analyze.ts'
import { countOf, formatBytes, formatCount } from '../../diagnostics/formatCount.ts'
import { costOf } from '../../graph/cost.ts'
import { renderFigures, type Figure } from './figures.ts'
import { html, type Html } from './html.ts'
import { formatDate, formatMetric, formatSeconds, metricLabel } from './numbers.ts'
import type { RunRecord } from './runRecord.ts'

export function renderOverview(run: RunRecord, analysis: Analysis | undefined, links: Html): Html {
  const { name, environment, history, resolved } = run
  const epochs = resolved?.training?.['epochs']
  const facts = [
    resolved?.dataset && `on ${resolved.dataset.type}`,
    environment.date && formatDate(environment.date),
    environment.engine && `${environment.engine.name} engine`,
    typeof epochs === 'number' && `${history.length} of ${countOf(epochs, 'epoch')}`,
  ].filter((fact) => typeof fact === 'string')
  return html`<header>
    <h1>${name}</h1>
    <p class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>
    ${run.test === undefined && html`<p class="notice">${untested(run)}</p>`}
    ${renderFigures([...testFigures(run), ...costFigures(run, analysis)])} ${links}
  </header>`
}

function untested({ history, hasModel, resolved }: RunRecord): string {
  const planned = resolved?.training?.['epochs']
  if (typeof planned === 'number' && history.length >= planned)
    return 'The dataset has no test samples, so this run was not evaluated.'
  const when = history.length === 0 ? 'before its first epoch ended' : `after epoch ${history.at(-1)!['epoch']}`
  const what = hasModel ? ' Its weights are those at that time. To evaluate them, run `shapewright evaluate`.' : ''
  return `This run was stopped ${when} and not evaluated on the test samples.${what}`
}

/** Returns the results on the test samples: metrics first, then the loss. */
function testFigures({ test = {}, inspection }: RunRecord): Figure[] {
  const names = Object.keys(test)
  const ordered = [...names.filter((name) => !name.endsWith('loss')), ...names.filter((name) => name === 'loss')]
  const note = inspection && `of ${formatCount(inspection.samples)} samples`
  return ordered.slice(0, 4).map((name, index) => ({
    label: `test ${metricLabel(name)}`,
    value: formatMetric(name, test[name]!),
    ...(index === 0 && note !== undefined && { note }),
  }))
}

function costFigures({ history }: RunRecord, analysis: Analysis | undefined): Figure[] {
  const seconds = history.reduce((total, epoch) => total + (epoch['seconds'] ?? 0), 0)
  const fastest = Math.max(0, ...history.map((epoch) => epoch['imagesPerSecond'] ?? 0))
  const cost = analysis && costOf(analysis.spec, analysis.shaped)
  return [
    ...(cost ? [{ label: 'parameters', value: formatCount(cost.params), note: formatBytes(cost.weightBytes) }] : []),
    ...(seconds > 0
      ? [
          {
            label: 'training',
            value: formatSeconds(seconds),
            ...(fastest > 0 && { note: `up to ${formatCount(Math.round(fastest))} samples/s` }),
          },
        ]
      : []),
  ]
}
