/** Renders diagnostics for people, in the style of rustc: the line, the underline, notes and help. */
import { escapeInLine, maskControls } from '../system/controlCharacters.ts'
import { formatEvidence, noOtherTexts, type Diagnostic, type Severity, type Span } from './diagnostic.ts'
import { FileLines, type LineIndex } from './positions.ts'

export interface Palette {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  yellow(text: string): string
  cyan(text: string): string
  green(text: string): string
  blue(text: string): string
}

const same = (text: string) => text

/** Leaves text without colours. */
export const plainPalette: Palette = {
  bold: same,
  dim: same,
  red: same,
  yellow: same,
  cyan: same,
  green: same,
  blue: same,
}

const longestLine = 160

/** @param otherTexts The texts of other files that the diagnostics point to, by name. */
export function renderPretty(
  diagnostics: readonly Diagnostic[],
  text: string,
  file: string,
  palette: Palette,
  otherTexts: ReadonlyMap<string, string> = noOtherTexts,
): string {
  const lines = new FileLines(file, text, otherTexts)
  return diagnostics.map((diagnostic) => renderOne(diagnostic, lines, palette)).join('\n')
}

function renderOne(diagnostic: Diagnostic, lines: FileLines, palette: Palette): string {
  const { code, severity, message, span, related, evidence, help, fixes } = diagnostic
  const paint = paintOf(severity, palette)
  const lineNumbers = [span, ...related.map((place) => place.span)].map((place) => lines.range(place).start.line)
  const gutter = String(Math.max(...lineNumbers)).length
  const bar = `${' '.repeat(gutter + 1)}${palette.blue('|')}`
  const { start } = lines.range(span)
  const placeOf = (one: Span) => {
    const { line, column } = lines.range(one).start
    return `${escapeInLine(lines.fileOf(one))}:${line}:${column}`
  }
  const arrow = `${' '.repeat(gutter)}${palette.blue('-->')} ${placeOf(span)}`
  const output = [
    `${paint(palette.bold(`${severity}[${code}]`))}${palette.bold(`: ${escapeInLine(message)}`)}`,
    arrow,
    bar,
  ]
  output.push(...renderSpan(lines.linesOf(span), span, gutter, paint, '^', '', palette))
  let shown = lines.fileOf(span)
  for (const place of related) {
    if (lines.fileOf(place.span) !== shown)
      output.push(`${' '.repeat(gutter)}${palette.blue(':::')} ${placeOf(place.span)}`)
    else if (lines.range(place.span).start.line !== start.line)
      output.push(`${' '.repeat(gutter)}${palette.blue('...')}`)
    shown = lines.fileOf(place.span)
    output.push(...renderSpan(lines.linesOf(place.span), place.span, gutter, palette.blue, '-', place.message, palette))
  }
  const places = evidence === undefined ? [] : formatEvidence(evidence)
  if (places.length > 0 || help !== undefined || fixes.length > 0) output.push(bar)
  const note = (word: string, sentence: string) =>
    `${' '.repeat(gutter + 1)}${palette.blue('=')} ${palette.bold(word)}: ${sentence}`
  for (const place of places) output.push(note('data', escapeInLine(place)))
  if (help !== undefined) output.push(note('help', escapeInLine(help)))
  for (const { kind, title } of fixes)
    output.push(note(kind === 'rewrite' ? 'fix' : 'suggestion', palette.green(escapeInLine(title))))
  return `${output.join('\n')}\n`
}

/** Renders the line of a span, or the first of several lines, with marks below it. */
function renderSpan(
  lines: LineIndex,
  span: Span,
  gutter: number,
  paint: (text: string) => string,
  mark: string,
  label: string,
  palette: Palette,
): string[] {
  const { line, column } = lines.position(span.start)
  const raw = lines.line(line)
  // Of a long line, such as a spec in flow style, only the part around the mistake is shown.
  const from = raw.length > longestLine && column > longestLine / 2 ? column - 1 - longestLine / 2 : 0
  const shown = maskControls(raw.slice(from, from + longestLine))
  const indent = column - 1 - from
  const length = Math.max(1, Math.min(span.end - span.start, raw.length - column + 1, longestLine - indent))
  const number = String(line).padStart(gutter)
  const marks = paint(mark.repeat(length) + (label === '' ? '' : ` ${escapeInLine(label)}`))
  return [
    `${palette.blue(`${number} |`)} ${shown}`,
    `${' '.repeat(gutter + 1)}${palette.blue('|')} ${' '.repeat(indent)}${marks}`,
  ]
}

function paintOf(severity: Severity, palette: Palette): (text: string) => string {
  return { error: palette.red, warning: palette.yellow, hint: palette.cyan }[severity]
}
