/** Renders how much of the difference between trials each parameter explains. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { html, type Html } from '../run/html.ts'
import { formatPercent } from '../run/numbers.ts'
import { numbersTable } from '../run/numbersTable.ts'
import type { Section } from '../run/section.ts'
import { importanceOf, type Importance } from './importance.ts'
import type { SweepSummary } from './sweepSummary.ts'
import { shortNames } from './values.ts'

export function renderImportance(sweep: SweepSummary): Section | undefined {
  const importance = importanceOf(sweep)
  if (importance === undefined) return undefined
  const { shares, rest } = importance
  const names = shortNames(sweep.parameters)
  return {
    id: 'importance',
    title: 'Importance of the parameters',
    content:
      shares === undefined || rest === undefined
        ? html`<p class="lead">${reasonFor(importance)}</p>`
        : html`<p class="lead">${basisOf(importance, sweep.objective.metric)}</p>
            ${renderShares(shares, rest, new Map(sweep.parameters.map((path, index) => [path, names[index]!])))}
            <p class="quiet">
              Share of the variance of the scores that the main effect of a parameter explains, and no other parameter.
              The mark shows what a parameter without any effect reaches on average. A parameter that matters only
              together with another one is in the last row. Only for a full grid do all rows add up to 100%.
            </p>`,
  }
}

function reasonFor({ trials, neededTrials }: Importance): string {
  if (trials >= neededTrials) return `All ${countOf(trials, 'trial')} have the same score, so no parameter explains it.`
  return `Not enough trials: ${countOf(trials, 'trial')} can be compared, and ${neededTrials} are needed so that shares do not mislead, two for each coefficient.`
}

function basisOf({ trials, epochs, isLogarithmic }: Importance, metric: string): string {
  const what = `${isLogarithmic ? 'logarithm of ' : ''}${metric}`
  const when = epochs === undefined ? '' : `, each after ${countOf(epochs, 'epoch')} (the first rung)`
  return `From the ${what} of ${countOf(trials, 'trial')}${when}.`
}

function renderShares(
  shares: NonNullable<Importance['shares']>,
  rest: number,
  names: ReadonlyMap<string, string>,
): Html {
  const rows = shares.map(
    ({ paths, share, byChance }) =>
      html`<tr>
        <th scope="row" title="${paths.join(', ')}">
          <bdi>${paths.map((path) => names.get(path)).join(' with ')}</bdi>
        </th>
        <td>${formatPercent(share, 1)}</td>
        <td class="meter">
          <i style="--part:${share.toFixed(4)}"></i><b style="--part:${Math.min(1, byChance).toFixed(4)}"></b>
        </td>
        <td>${formatPercent(byChance, 1)}</td>
      </tr> `,
  )
  const last = html`<tr>
    <th scope="row">interactions and chance</th>
    <td>${formatPercent(rest, 1)}</td>
    <td class="meter"><i class="other" style="--part:${rest.toFixed(4)}"></i></td>
    <td></td>
  </tr>`
  return numbersTable(['parameter', 'share', '', 'by chance'], [...rows, last])
}
