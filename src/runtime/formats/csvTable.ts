/** Reads the header and rows of a table, and defines the options for that. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { unreadableData } from '../../system/knownError.ts'
import { CsvParser, type CsvRecord } from './csv.ts'

/** The use of a column: numbers as they are, categories as ones and zeros or by their index, or not at all. */
export interface CsvColumn {
  readonly type: 'number' | 'oneHot' | 'index' | 'ignore'
  /** The categories, in this order. */
  readonly values?: readonly string[]
}

/** The options for reading a table. */
export interface CsvForm {
  /** The column to predict. */
  readonly label: string
  /** Whether labels are classes or values; by default values if all are numbers. */
  readonly labels?: 'classes' | 'values'
  /** The character between fields; a comma by default. */
  readonly delimiter?: string
  /** The decimal sign of numbers; a point by default. */
  readonly decimal?: '.' | ','
  /** The names of the columns, if the first row does not contain them. */
  readonly names?: readonly string[]
  /**
   * Declarations by column name; by default a column is numeric if all its texts are numbers, otherwise categorical.
   */
  readonly columns?: Readonly<Record<string, CsvColumn>>
  /** The maximum number of categories in a column that `columns` does not declare. */
  readonly maxCategories?: number
}

/** The default of `maxCategories`. */
export const defaultMaxCategories = 64

/** The declaration of a column in `columns`. */
export function columnOptions({ columns = {} }: CsvForm, name: string): CsvColumn | undefined {
  return Object.hasOwn(columns, name) ? columns[name] : undefined
}

/** Reads a table piece by piece: the names of its columns, then each row, with its texts trimmed. */
export class CsvTableReader {
  readonly #parser: CsvParser
  readonly #file: string
  #names: readonly string[] | undefined
  #rows = 0

  /** @param start Receives the names of the columns, and returns a function that receives the rows. */
  constructor(form: CsvForm, file: string, start: (names: readonly string[]) => (row: CsvRecord) => void) {
    let take: ((row: CsvRecord) => void) | undefined
    this.#file = file
    this.#parser = new CsvParser(form.delimiter ?? ',', file, (record) => {
      if (take === undefined) {
        this.#names = nameColumns(record, form, file)
        take = start(this.#names)
        if (form.names === undefined) return
      }
      this.#rows++
      take({ line: record.line, fields: record.fields.map((text) => text.trim()) })
    })
  }

  /** The number of rows so far. */
  get rows(): number {
    return this.#rows
  }

  /** @throws KnownError if the text is not a table, or two columns have the same name. */
  push(text: string): void {
    this.#parser.push(text)
  }

  /** @throws KnownError if the table is empty. */
  end(): void {
    this.#parser.end()
    if (this.#names === undefined)
      throw unreadableData(
        `${this.#file} is empty.`,
        'It must contain the names of the columns and one row per sample.',
      )
    if (this.#rows === 0) throw unreadableData(`${this.#file} has column names but no rows.`, 'Add one row per sample.')
  }
}

function nameColumns(first: CsvRecord, { names }: CsvForm, file: string): string[] {
  if (names && names.length !== first.fields.length) {
    throw unreadableData(
      `${file} has ${countOf(first.fields.length, 'column')}, but \`names\` has ${names.length}.`,
      'Name each column, in order.',
    )
  }
  const found = (names ?? first.fields).map((name) => name.trim())
  const seen = new Set<string>()
  for (const name of found) {
    if (seen.has(name)) {
      throw unreadableData(
        `${file} has two columns named ${quoteCell(name)}.`,
        'Rename one of them; if the first row is a sample, list the columns in `names`.',
      )
    }
    seen.add(name)
  }
  return found
}

/** Whether a text is a number with this decimal sign. */
export function isNumber(text: string, decimal: '.' | ',' = '.'): boolean {
  return (decimal === '.' ? pointNumber : commaNumber).test(text)
}

export function toNumber(text: string, decimal: '.' | ',' = '.'): number {
  return Number(decimal === '.' ? text : text.replace(',', '.'))
}

const pointNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const commaNumber = /^[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i

/** Whether a text stands for a missing number. */
export function isMissingNumber(text: string): boolean {
  return text === '' || missingPattern.test(text)
}

const missingPattern = /^(na|n\/a|nan|null|none|\?)$/i

/** Whether a text stands for a missing category. NA is not one: it is the code of Namibia. */
export function isMissingCategory(text: string): boolean {
  return text === '' || text === '?'
}

/** Guesses the delimiter of a table that was read as one column; undefined if there is no sign of one. */
export function likelyDelimiter(names: readonly string[]): string | undefined {
  const [only = ''] = names
  return names.length === 1 ? [';', '\t', '|', ','].find((sign) => only.includes(sign)) : undefined
}

/** Quotes a text of a file for a message, with control characters escaped. */
export function quoteCell(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
