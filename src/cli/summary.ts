/** `shapewright summary`: the network as a table, as data or as a diagram. */
import { reportDot, reportMermaid, reportSummaryJson, reportSummaryTable } from '../report/summary.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes } from './exitCodes.ts'

export interface SummaryOptions {
  readonly format: 'table' | 'json' | 'mermaid' | 'dot'
}

const renderers = {
  table: reportSummaryTable,
  json: (analysis: Parameters<typeof reportSummaryJson>[0]) =>
    `${JSON.stringify(reportSummaryJson(analysis), null, 2)}\n`,
  mermaid: reportMermaid,
  dot: reportDot,
}

export async function summaryCommand(path: string, { format }: SummaryOptions): Promise<number> {
  const analysis = checkedSpec(path, { quiet: true })
  if (analysis === undefined) return exitCodes.problems
  process.stdout.write(renderers[format](analysis))
  return exitCodes.fine
}
