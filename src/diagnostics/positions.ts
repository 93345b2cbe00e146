/** Converts offsets in a text to lines and columns, both counted from 1 in UTF-16 code units, as in editors. */
import type { Span } from './diagnostic.ts'

export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

export interface Range {
  readonly start: Position
  readonly end: Position
}

export class LineIndex {
  readonly text: string
  private readonly starts: number[] = [0]

  constructor(text: string) {
    this.text = text
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1)
  }

  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length))
    let low = 0
    let high = this.starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.starts[middle]! <= clamped) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: clamped - this.starts[low]! + 1, offset: clamped }
  }

  range(span: Span): Range {
    return { start: this.position(span.start), end: this.position(span.end) }
  }

  /** The offset of a line and a column, counted from 1; a column after the end of its line is at its end. */
  offset(line: number, column: number): number {
    const start = this.starts[line - 1] ?? this.text.length
    return start + Math.min(column - 1, this.line(line).length)
  }

  /** The text of a line, counted from 1, without its line break. */
  line(line: number): string {
    const start = this.starts[line - 1] ?? this.text.length
    const end = this.starts[line] ?? this.text.length
    return this.text.slice(start, end).replace(/\r?\n$/, '')
  }
}

/** The lines of the spec and of the other files that its diagnostics point to. */
export class FileLines {
  private readonly file: string
  private readonly indices = new Map<string, LineIndex>()

  /** @param otherTexts The texts of other files, by name. */
  constructor(file: string, text: string, otherTexts: ReadonlyMap<string, string>) {
    this.file = file
    for (const [name, other] of [[file, text] as const, ...otherTexts]) this.indices.set(name, new LineIndex(other))
  }

  fileOf(span: Span): string {
    return span.file ?? this.file
  }

  /** The lines of the file of a span. Of a file whose text is unknown, only the beginning is. */
  linesOf(span: Span): LineIndex {
    return this.indices.get(this.fileOf(span)) ?? new LineIndex('')
  }

  range(span: Span): Range {
    return this.linesOf(span).range(span)
  }
}
