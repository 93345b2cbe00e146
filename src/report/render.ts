/** Renders an analysis in one of the formats of the public API. */
import type { Analysis } from '../analyze.ts'
import { renderGithub } from '../diagnostics/renderGithub.ts'
import { plainPalette, renderPretty } from '../diagnostics/renderPretty.ts'
import { reportCheckJson } from './checkJson.ts'
import { reportDot, reportMermaid, reportSummaryTable } from './summary.ts'

const renderers = {
  pretty: ({ diagnostics, source }: Analysis) => renderPretty(diagnostics, source.text, source.file, plainPalette),
  json: (analysis: Analysis) => JSON.stringify(reportCheckJson([analysis]), null, 2),
  github: ({ diagnostics, source }: Analysis) => renderGithub(diagnostics, source.text, source.file),
  table: reportSummaryTable,
  mermaid: reportMermaid,
  dot: reportDot,
}

export function renderAnalysis(analysis: Analysis, format: keyof typeof renderers): string {
  return renderers[format](analysis)
}
