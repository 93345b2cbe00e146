/** Collects facts on each column of a table in one pass: numbers, categories, missing values. */
import { type CsvRecord } from './csv.ts'
import {
  type CsvForm,
  defaultMaxCategories,
  isMissingCategory,
  isMissingNumber,
  isNumber,
  columnOptions,
  toNumber,
} from './csvTable.ts'

const [encoder, decoder] = [new TextEncoder(), new TextDecoder('utf-8', { ignoreBOM: true })]

/** The number of occurrences of a text in a column, and the line of the first. */
export interface TextOccurrence {
  readonly line: number
  count: number
}

/** Lines of cells with a common property: the first five, and their count. */
export interface LineSample {
  readonly lines: number[]
  count: number
}

/** The contents of a column's cells, as far as they were read. */
export interface ColumnSurvey {
  readonly name: string
  readonly column: number
  readonly isLabel: boolean
  rows: number
  /** The number of cells that are numbers, and the least and greatest of these. */
  numbers: number
  least: number
  most: number
  /** Whether each row has the number of the previous row plus one. */
  countsUp: boolean
  last: number
  /** The number of cells that are neither a number nor missing. */
  texts: number
  readonly missingNumbers: LineSample
  readonly missingCategories: LineSample
  /** The distinct texts that are numbers, and those that are neither numbers nor missing. */
  readonly seenNumbers: Map<string, TextOccurrence>
  readonly seenTexts: Map<string, TextOccurrence>
  /** The number of distinct texts of each kind that are kept, and the row at which one kind exceeded it. */
  readonly mostKept: number
  cutAfter: number | undefined
}

/** The facts collected about a table, row by row, in memory that does not grow with the number of rows. */
export class CsvSurvey {
  readonly columns: readonly ColumnSurvey[]
  readonly names: readonly string[]
  readonly #decimal: '.' | ','
  rows = 0

  constructor(names: readonly string[], form: CsvForm) {
    this.names = names
    this.#decimal = form.decimal ?? '.'
    this.columns = names.map((name, column) => ({
      name,
      column,
      isLabel: name === form.label,
      rows: 0,
      numbers: 0,
      least: Number.POSITIVE_INFINITY,
      most: Number.NEGATIVE_INFINITY,
      countsUp: true,
      last: Number.NaN,
      texts: 0,
      missingNumbers: { lines: [], count: 0 },
      missingCategories: { lines: [], count: 0 },
      seenNumbers: new Map(),
      seenTexts: new Map(),
      mostKept: mostKeptTexts(name, form),
      cutAfter: undefined,
    }))
  }

  take({ line, fields }: CsvRecord): void {
    this.rows++
    for (const column of this.columns) this.#takeCell(column, fields[column.column]!, line)
  }

  #takeCell(column: ColumnSurvey, text: string, line: number): void {
    column.rows++
    if (isNumber(text, this.#decimal)) {
      const value = toNumber(text, this.#decimal)
      column.numbers++
      if (value < column.least) column.least = value
      if (value > column.most) column.most = value
      if (column.rows > 1 && value !== column.last + 1) column.countsUp = false
      column.last = value
      keepText(column, column.seenNumbers, text, line)
      return
    }
    if (isMissingCategory(text)) keepLine(column.missingCategories, line)
    if (isMissingNumber(text)) keepLine(column.missingNumbers, line)
    else column.texts++
    if (!isMissingCategory(text)) keepText(column, column.seenTexts, text, line)
  }
}

/** The number of distinct texts to keep: enough to see that there are too many, or all if they are needed. */
function mostKeptTexts(name: string, form: CsvForm): number {
  const stated = columnOptions(form, name)
  if (name === form.label) return form.labels === 'values' ? 1000 : 1_000_000
  if (stated?.type === 'ignore') return 0
  if (stated?.type === 'oneHot' || stated?.type === 'index') return 1_000_000
  return Math.max(1000, form.maxCategories ?? defaultMaxCategories) + 1
}

function keepText(column: ColumnSurvey, seen: Map<string, TextOccurrence>, text: string, line: number): void {
  // Beyond that, their counts are not used.
  if (seen.size > column.mostKept) return
  const known = seen.get(text)
  if (known !== undefined) known.count++
  // Encoding and decoding copies the text: a slice would keep the whole longer text in memory.
  else seen.set(decoder.decode(encoder.encode(text)), { line, count: 1 })
  if (seen.size > column.mostKept) column.cutAfter ??= column.rows
}

function keepLine(seen: LineSample, line: number): void {
  seen.count++
  if (seen.lines.length < 5) seen.lines.push(line)
}
