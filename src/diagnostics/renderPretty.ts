/** Renders diagnostics for people, in the style of rustc: the line, the underline, notes and help. */
import { escapeInLine, maskControls } from '../system/controlCharacters.ts'
import { formatEvidence, noOtherTexts, type Diagnostic, type Severity, type Span } from './diagnostic.ts'
import { FileLines } from './positions.ts'

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
  const spans = [span, ...related.map((place) => place.span)]
  const gutter = String(Math.max(...spans.map((one) => lines.range(one).start.line))).length
  const snippets = new Snippets(lines, palette, gutter)
  const notes = [
    ...(evidence === undefined ? [] : formatEvidence(evidence)).map((place) => ['data', escapeInLine(place)] as const),
    ...(help === undefined ? [] : [['help', escapeInLine(help)] as const]),
    ...fixes.map(({ kind, title }) => {
      return [kind === 'rewrite' ? 'fix' : 'suggestion', palette.green(escapeInLine(title))] as const
    }),
  ]
  const output = [
    `${paint(palette.bold(`${severity}[${code}]`))}${palette.bold(`: ${escapeInLine(message)}`)}`,
    snippets.point('-->', span),
    snippets.bar,
    ...snippets.show(span, { paint, symbol: '^', label: '' }),
    ...related.flatMap((place, index) => [
      ...snippets.between(spans[index]!, place.span, span),
      ...snippets.show(place.span, { paint: palette.blue, symbol: '-', label: place.message }),
    ]),
    ...(notes.length === 0 ? [] : [snippets.bar]),
    ...notes.map(([word, text]) => `${' '.repeat(gutter + 1)}${palette.blue('=')} ${palette.bold(word)}: ${text}`),
  ]
  return `${output.join('\n')}\n`
}

/** What is drawn below a span. */
interface Mark {
  readonly paint: (text: string) => string
  readonly symbol: string
  readonly label: string
}

/** Prints lines of files with their numbers, which have a column as wide as `gutter`. */
class Snippets {
  readonly #lines: FileLines
  readonly #palette: Palette
  readonly #gutter: number

  constructor(lines: FileLines, palette: Palette, gutter: number) {
    this.#lines = lines
    this.#palette = palette
    this.#gutter = gutter
  }

  get bar(): string {
    return `${' '.repeat(this.#gutter + 1)}${this.#palette.blue('|')}`
  }

  /** The file and the position of a span, after an arrow. */
  point(arrow: string, span: Span): string {
    const { line, column } = this.#lines.range(span).start
    const file = escapeInLine(this.#lines.fileOf(span))
    return `${' '.repeat(this.#gutter)}${this.#palette.blue(arrow)} ${file}:${line}:${column}`
  }

  /** The line before a related span: its file if that changes, or dots unless it is in the line of the diagnostic. */
  between(before: Span, span: Span, main: Span): string[] {
    if (this.#lines.fileOf(span) !== this.#lines.fileOf(before)) return [this.point(':::', span)]
    if (this.#lines.range(span).start.line === this.#lines.range(main).start.line) return []
    return [`${' '.repeat(this.#gutter)}${this.#palette.blue('...')}`]
  }

  /** The line of a span, or the first of several lines, with the mark below it. */
  show(span: Span, { paint, symbol, label }: Mark): string[] {
    const lines = this.#lines.linesOf(span)
    const { line, column } = lines.position(span.start)
    const raw = lines.line(line)
    // Of a long line, such as a spec in flow style, only the part around the mistake is shown.
    const from = raw.length > longestLine && column > longestLine / 2 ? column - 1 - longestLine / 2 : 0
    const shown = maskControls(raw.slice(from, from + longestLine))
    const indent = column - 1 - from
    const length = Math.max(1, Math.min(span.end - span.start, raw.length - column + 1, longestLine - indent))
    const marks = paint(symbol.repeat(length) + (label === '' ? '' : ` ${escapeInLine(label)}`))
    return [
      `${this.#palette.blue(`${String(line).padStart(this.#gutter)} |`)} ${shown}`,
      `${this.bar} ${' '.repeat(indent)}${marks}`,
    ]
  }
}

function paintOf(severity: Severity, palette: Palette): (text: string) => string {
  return { error: palette.red, warning: palette.yellow, hint: palette.cyan }[severity]
}
