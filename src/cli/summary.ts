/** Implements `shapewright summary`: prints the network as a table, as JSON or as a diagram. */
import type { Analysis } from '../analyze.ts'
import { reportDot, reportMermaid, reportSummaryJson, reportSummaryTable } from '../report/summary.ts'
import type { summary } from './commands/summary.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes } from '../system/exitCodes.ts'

type SummaryOptions = OptionsOf<typeof summary>

type Renderer = (analysis: Analysis) => string | Promise<string>

const renderers: Readonly<Record<SummaryOptions['format'], Renderer>> = {
  table: (analysis) => reportSummaryTable(analysis),
  json: (analysis) => `${JSON.stringify(reportSummaryJson(analysis), null, 2)}\n`,
  mermaid: reportMermaid,
  dot: reportDot,
  // The layout of graphs is loaded only for this format.
  svg: async (analysis) => (await import('../report/networkImage.ts')).reportSvg(analysis),
}

export async function summaryCommand(path: string, { format, set, trial }: SummaryOptions): Promise<number> {
  const analysis = checkedSpec(path, { quiet: true, settings: set, trial })
  if (analysis === undefined) return exitCodes.problems
  process.stdout.write(await renderers[format](analysis))
  return exitCodes.fine
}
