import type { DiagnosticCode } from './codes.ts'
import { diagnosticSummaries } from './generated/summaries.ts'

/** The first paragraph of the page of a code. A browser checks without these texts. */
export function summaryOf(code: DiagnosticCode): string {
  return diagnosticSummaries[code]
}
