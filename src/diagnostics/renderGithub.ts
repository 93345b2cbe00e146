/** Renders diagnostics as workflow commands, which GitHub Actions shows on the lines of a change. */
import { formatEvidence, noOtherTexts, type Diagnostic } from './diagnostic.ts'
import { FileLines } from './positions.ts'

const levels = { error: 'error', warning: 'warning', hint: 'notice' } as const

export function renderGithub(
  diagnostics: readonly Diagnostic[],
  text: string,
  file: string,
  otherTexts: ReadonlyMap<string, string> = noOtherTexts,
): string {
  const lines = new FileLines(file, text, otherTexts)
  return diagnostics
    .map(({ severity, code, message, help, span, evidence }) => {
      const { start, end } = lines.range(span)
      // GitHub accepts columns only for a span within one line.
      const columns = start.line === end.line ? `,col=${start.column},endColumn=${end.column}` : ''
      const place = `file=${escapeProperty(lines.fileOf(span))},line=${start.line},endLine=${end.line}${columns}`
      const places = evidence === undefined ? [] : formatEvidence(evidence)
      const body = [message, ...places, ...(help === undefined ? [] : [help])].join('\n')
      return `::${levels[severity]} ${place},title=${escapeProperty(code)}::${escapeData(body)}\n`
    })
    .join('')
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
