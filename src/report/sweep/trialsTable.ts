/** Renders the table of a sweep's trials. The page's script makes its headings buttons that sort it. */
import { html, type Html } from '../run/html.ts'
import { numbersTable } from '../run/numbersTable.ts'
import type { Section } from '../run/section.ts'
import type { SweepSummary, TrialSummary } from './sweepSummary.ts'
import type { TrialColumn } from './trialColumns.ts'
import { shorten } from './values.ts'

/** @param best The number of the best trial. */
export function renderTrials({ trials }: SweepSummary, columns: readonly TrialColumn[], best?: number): Section {
  const headings = columns.map(({ heading, title }) => html`<span title="${title ?? heading}">${heading}</span>`)
  const rows = trials.map((trial, index) => renderTrial(trial, index, columns, trial.number === best))
  return {
    id: 'trials',
    title: 'Trials',
    content: html`<p class="lead" id="shown" aria-live="polite" hidden></p>
      ${numbersTable(headings, rows, { isTall: true })}`,
  }
}

function renderTrial(trial: TrialSummary, index: number, columns: readonly TrialColumn[], isBest: boolean): Html {
  const [, state, ...others] = columns
  const cells = others.map(({ print }) => html`<td><bdi>${print(trial)}</bdi></td>`)
  return html`<tr id="trial-${trial.number}" data-trial="${index}" ${isBest && html` class="best"`}>
    <th scope="row">
      ${linkTo(trial)}${trial.hasSpec && html` <a class="minor" href="${trial.folder}/spec.yaml" aria-label="spec of trial ${trial.number}">spec</a>`}${isBest && html`<span class="tag">best</span>`}
    </th>
    <td><span class="state ${trial.state}">${state!.print(trial)}</span></td>
    ${cells}
  </tr> `
}

/** A link to the report of the trial, or its number if it has no report yet. */
function linkTo({ number, label, folder, hasReport }: TrialSummary): Html {
  const title = shorten(label, 300)
  if (!hasReport) return html`<span title="${title}">${number}</span>`
  return html`<a href="${folder}/report.html" title="${title}" aria-label="report of trial ${number}">${number}</a>`
}

/** Links to the row of a trial. */
export function rowLink(number: number): Html {
  return html`<a href="#trial-${number}">${number}</a>`
}
