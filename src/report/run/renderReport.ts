/** Renders the report of a run as one HTML page, which loads nothing from disk or network. */
import { createHash } from 'node:crypto'
import type { Analysis } from '../../analyze.ts'
import { version } from '../../system/version.ts'
import { pageScript, pageStyles } from '../generated/pageAssets.js'
import { renderCurves } from './curves.ts'
import { html, trusted } from './html.ts'
import { renderMistakes } from './mistakes.ts'
import { renderNetwork } from './network.ts'
import { renderOverview } from './overview.ts'
import { renderConditions } from './conditions.ts'
import type { RunRecord } from './runRecord.ts'
import type { Section } from './section.ts'
import { renderTest } from './testScores.ts'

/** @param analysis The analysis of the run's spec. Without it, the page does not show the network. */
export function renderReport(run: RunRecord, analysis: Analysis | undefined): string {
  const parts = [
    renderCurves(run),
    renderTest(run),
    renderMistakes(run),
    analysis && renderNetwork(analysis, run),
    renderConditions(run),
  ].filter((part): part is Section => part !== undefined)
  const links = parts.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)
  const sections = parts.map(
    ({ id, title, content }) =>
      html`<section id="${id}" aria-labelledby="${id}-title">
        <h2 id="${id}-title">${title}</h2>
        ${content}
      </section> `,
  )
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="generator" content="Shapewright ${version}" />
        <title>${run.name} · run report</title>
        <style>
          ${trusted(pageStyles)}
        </style>
      </head>
      <body>
        ${renderOverview(run, analysis, html`<nav aria-label="Parts of this page">${links}</nav>`)}
        <main>${sections}</main>
        <footer>Written by Shapewright ${version}. This page is self-contained.</footer>
        ${ownScript}
      </body>
    </html> `.text
}

/** The whole script element. The policy allows it by the hash of the exact text between its tags, so no template may add spaces. */
const ownScript = trusted(`<script>${pageScript}</script>`)

/** The content security policy: only the page's own script runs, identified by its hash, and nothing is loaded. */
const policy = [
  "default-src 'none'",
  'img-src data:',
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(pageScript).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')
