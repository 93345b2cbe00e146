/** Renders the rungs of halving: which trials each rung compared, and which were promoted. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { html, type Html } from '../run/html.ts'
import { formatMetric } from '../run/numbers.ts'
import type { Section } from '../run/section.ts'
import type { RungSummary, SweepSummary } from './sweepSummary.ts'
import { rowLink } from './trialsTable.ts'

export function renderRungs({ rungs, stopping, objective }: SweepSummary): Section | undefined {
  if (stopping === undefined) return undefined
  const { kind, minEpochs, reduction } = stopping
  const sign = objective.direction === 'maximize' ? -1 : 1
  const rule = `The first rung trains each trial for ${countOf(minEpochs, 'epoch')}. One of ${reduction} is promoted and trains ${reduction} times as long.`
  const order =
    kind === 'asha' ? ' Promotions were decided as trials arrived, so they depend on the order of arrival.' : ''
  return {
    id: 'rungs',
    title: 'Rungs',
    content: html`<p class="lead">${rule}${order}</p>
      ${
        rungs.length === 0
          ? html`<p class="quiet">No trial has ended its first rung yet.</p>`
          : html`<ol class="rungs">
              ${rungs.map((rung) => renderRung(rung, objective.metric, sign))}
            </ol>`
      }`,
  }
}

function renderRung({ epochs, trials, kind }: RungSummary, metric: string, sign: number): Html {
  const worst = sign * Infinity
  const ordered = trials.toSorted(
    (a, b) =>
      Number(b.isPromoted) - Number(a.isPromoted) ||
      sign * ((a.score ?? worst) - (b.score ?? worst)) ||
      a.number - b.number,
  )
  const promoted = trials.filter(({ isPromoted }) => isPromoted).length
  const summary = {
    decided: `${promoted} of ${countOf(trials.length, 'trial')} promoted`,
    open: `${countOf(trials.length, 'trial')} so far, ${promoted} promoted`,
    last: `${countOf(trials.length, 'trial')}, the last rung`,
  }[kind]
  const chips = ordered.map(
    ({ number, score, isPromoted }) =>
      html`<li${isPromoted && html` class="promoted"`}>${rowLink(number)} ${score === undefined ? 'no score' : formatMetric(metric, score)}${isPromoted && html` <span class="arrow" aria-label="promoted">↑</span>`}</li>
`,
  )
  return html`<li>
    <h3>${countOf(epochs, 'epoch')} <small>${summary}</small></h3>
    <ul class="chips">
      ${chips}
    </ul>
  </li>`
}
