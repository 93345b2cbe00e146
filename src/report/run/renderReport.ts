/** Renders the report of a run as one HTML page, which loads nothing from disk or network. */
import type { Analysis } from '../../analyze.ts'
import { pageScript, pageStyles } from '../generated/pageAssets.js'
import { renderCurves } from './curves.ts'
import { renderPage } from './htmlPage.ts'
import { renderMistakes } from './mistakes.ts'
import { renderNetwork } from './network.ts'
import { renderOverview } from './overview.ts'
import { renderConditions } from './conditions.ts'
import type { RunRecord } from './runRecord.ts'
import type { Section } from './section.ts'
import { renderTest } from './testScores.ts'

/** @param analysis The analysis of the run's spec. Without it, the page does not show the network. */
export function renderReport(run: RunRecord, analysis: Analysis | undefined): string {
  const sections = [
    renderCurves(run),
    renderTest(run),
    renderMistakes(run),
    analysis && renderNetwork(analysis, run),
    renderConditions(run),
  ].filter((part): part is Section => part !== undefined)
  return renderPage({
    title: `${run.name} · run report`,
    header: (links) => renderOverview(run, analysis, links),
    sections,
    styles: pageStyles,
    script: pageScript,
  })
}
