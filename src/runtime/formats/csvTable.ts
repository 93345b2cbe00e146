/** Reads the header and rows of a table, and defines the options that say how. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { unreadableData } from '../../system/knownError.ts'
import { CsvParser, type CsvRecord } from './csv.ts'

/** What is done with a column: numbers as they are, categories as ones and zeros or by their number, or nothing. */
export interface CsvColumn {
  readonly type: 'number' | 'oneHot' | 'index' | 'ignore'
  /** The categories, in this order. */
  readonly values?: readonly string[]
}

/** How a table is to be read. */
export interface CsvForm {
  /** The column that is to be predicted. */
  readonly label: string
  /** Whether labels are classes or values; by default values if all are numbers. */
  readonly labels?: 'classes' | 'values'
  /** The character between fields; a comma by default. */
  readonly delimiter?: string
  /** The decimal sign of numbers; a point by default. */
  readonly decimal?: '.' | ','
  /** The names of the columns, if the first row does not hold them. */
  readonly names?: readonly string[]
  /** By name; by default a column of numbers is one of numbers, and any other one of categories. */
  readonly columns?: Readonly<Record<string, CsvColumn>>
  /** How many categories a column may have for which `columns` states nothing. */
  readonly maxCategories?: number
}

/** The default of `maxCategories`. */
export const defaultMaxCategories = 64

/** What `columns` states for a column. */
export function statedColumn({ columns = {} }: CsvForm, name: string): CsvColumn | undefined {
  return Object.hasOwn(columns, name) ? columns[name] : undefined
}

/** The rows of a table, piece by piece: the names of its columns, then each row without the blanks around its texts. */
export class CsvTableReader {
  readonly #parser: CsvParser
  readonly #file: string
  #names: readonly string[] | undefined
  #rows = 0

  /** @param start Receives the names of the columns, and returns what takes the rows. */
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

  /** How many rows there were so far. */
  get rows(): number {
    return this.#rows
  }

  /** @throws KnownError if the text is not a table, or two columns have one name. */
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
      throw unreadableData(`${file} has two columns named ${quoteCell(name)}.`, 'Rename one of them.')
    }
    seen.add(name)
  }
  return found
}

/** Whether a text is a number of this decimal sign. */
export function isNumber(text: string, decimal: '.' | ',' = '.'): boolean {
  return (decimal === '.' ? pointNumber : commaNumber).test(text)
}

export function toNumber(text: string, decimal: '.' | ',' = '.'): number {
  return Number(decimal === '.' ? text : text.replace(',', '.'))
}

const pointNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const commaNumber = /^[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i

/** Whether a text says that a number is missing. */
export function isMissingNumber(text: string): boolean {
  return text === '' || missingPattern.test(text)
}

const missingPattern = /^(na|n\/a|nan|null|none|\?)$/i

/** Whether a text says that a category is missing: NA is the code of Namibia. */
export function isMissingCategory(text: string): boolean {
  return text === '' || text === '?'
}

/** What may separate the fields of a table that was read as one column; undefined where nothing points to it. */
export function likelyDelimiter(names: readonly string[]): string | undefined {
  const [only = ''] = names
  return names.length === 1 ? [';', '\t', '|', ','].find((sign) => only.includes(sign)) : undefined
}

/** A text of a file for a message, in which control characters do no harm. */
export function quoteCell(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}
