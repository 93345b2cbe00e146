/** Renders the report of a sweep as one HTML page, which loads nothing from disk or network. */
import { sweepScript, sweepStyles } from '../generated/pageAssets.js'
import { renderPage } from '../run/htmlPage.ts'
import { html, jsonForScript } from '../run/html.ts'
import type { Section } from '../run/section.ts'
import { renderBest, type BestDetails } from './bestSection.ts'
import { renderImportance } from './importanceSection.ts'
import { renderLeftOut } from './leftOut.ts'
import { pageDataOf } from './pageData.ts'
import { renderRungs } from './rungsSection.ts'
import { renderSweepOverview } from './sweepOverview.ts'
import { bestTrial, type SweepSummary } from './sweepSummary.ts'
import { trialColumns } from './trialColumns.ts'
import { renderTrials } from './trialsTable.ts'
import { shorten } from './values.ts'

/** @param details The spec of the best trial; undefined if there is no best trial, or its spec cannot be read. */
export function renderSweep(sweep: SweepSummary, details?: BestDetails): string {
  const best = bestTrial(sweep)
  const columns = trialColumns(sweep)
  const sections = [
    renderParameters(sweep),
    renderTrials(sweep, columns, best?.number),
    renderTrialCurves(sweep),
    renderImportance(sweep),
    renderRungs(sweep),
    best && details && renderBest(best, details),
    renderLeftOut(sweep),
    renderSpec(sweep),
  ].filter((part): part is Section => part !== undefined)
  const data = jsonForScript(pageDataOf(sweep, columns, best?.number))
  return renderPage({
    title: `${shorten(sweep.name, 100)} · sweep report`,
    header: (links) =>
      html`${renderSweepOverview(sweep, best, links)}
        <script type="application/json" id="sweep">
          ${data}
        </script>`,
    sections,
    styles: sweepStyles,
    script: sweepScript,
  })
}

/** The place of the parallel coordinates, which the page's script draws. */
function renderParameters({ parameters, trials, objective }: SweepSummary): Section | undefined {
  if (parameters.length === 0 || trials.length === 0) return undefined
  return {
    id: 'parameters',
    title: 'Parameters',
    content: html`<p class="lead">
        Each line is a trial, from its values to its ${objective.metric}. Drag along an axis, or move its handles with
        the arrow keys, to show only a range.
      </p>
      <div
        class="scroll"
        id="parallel"
        role="group"
        aria-label="Parallel coordinates of the trials; the table has the same values"
      ></div>
      <p class="pointed"></p>`,
  }
}

function renderTrialCurves({ trials, objective }: SweepSummary): Section | undefined {
  if (trials.every(({ curve }) => curve.length === 0)) return undefined
  return {
    id: 'curves',
    title: 'Curves',
    content: html`<p class="lead">${objective.metric} after each epoch.</p>
      <div class="plot" id="trial-curves"></div>
      <p class="pointed"></p>`,
  }
}

function renderSpec({ specText, command }: SweepSummary): Section | undefined {
  if (specText === undefined) return undefined
  return {
    id: 'sweep-spec',
    title: 'Sweep',
    content: html`${
        command !== undefined &&
        html`<h3>Command <small>that repeats this sweep</small></h3>
          <pre class="spec"><code>${command}</code></pre>`
      }
      <h3>Spec <small>as it was written</small></h3>
      <pre class="spec tall"><code>${specText.trimEnd()}</code></pre>`,
  }
}
