/** Parses CSV as RFC 4180 describes it, in chunks. */
import { countOf } from '../../diagnostics/formatCount.ts'
import { unreadableData } from '../../system/knownError.ts'

/** A row of a CSV file. */
export interface CsvRecord {
  /** The line on which it begins, counted from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** A record with more characters is an error: most likely a quote that is never closed. */
export const longestCsvRecord = 16_000_000

/**
 * Parses all records of a text; see `CsvParser`.
 *
 * @throws KnownError if quotes do not match, or rows have different numbers of fields.
 */
export function parseCsv(text: string, delimiter: string, file: string): CsvRecord[] {
  const records: CsvRecord[] = []
  const parser = new CsvParser(delimiter, file, (record) => records.push(record))
  parser.push(text)
  parser.end()
  return records
}

/**
 * Parses comma-separated values as in RFC 4180, piece by piece: fields in double quotes may contain delimiters, line
 * breaks and doubled quotes. Lines end with LF or CRLF; empty lines and a byte order mark are skipped. At most one
 * record is kept in memory.
 */
export class CsvParser {
  readonly #delimiter: string
  readonly #file: string
  readonly #take: (record: CsvRecord) => void
  /** The text of an incomplete record. */
  #pending = ''
  /** An incomplete record is retried once the text is twice as long, so that the work stays linear. */
  #retryAt = 0
  #isAtStart = true
  #line = 1
  #first: { readonly line: number; readonly count: number } | undefined

  /**
   * @param delimiter The single character between fields.
   * @param file Its name, for messages.
   * @param take Receives each record.
   */
  constructor(delimiter: string, file: string, take: (record: CsvRecord) => void) {
    this.#delimiter = delimiter
    this.#file = file
    this.#take = take
  }

  /** @throws KnownError if quotes do not match, or rows have different numbers of fields. */
  push(text: string): void {
    this.#pending += text
    if (this.#pending.length >= this.#retryAt) this.#readRecords(false)
  }

  /** Parses the remaining text, which may lack its line end. */
  end(): void {
    this.#readRecords(true)
  }

  #readRecords(isEnd: boolean): void {
    const text = this.#pending
    let at = 0
    if (this.#isAtStart && text.length > 0) {
      this.#isAtStart = false
      if (text.startsWith('\ufeff')) at = 1
    }
    for (let next = at; next >= 0 && at < text.length;) {
      next = this.#readRecord(text, at, isEnd)
      if (next >= 0) at = next
    }
    this.#pending = text.slice(at)
    this.#retryAt = 2 * this.#pending.length
    if (this.#pending.length > longestCsvRecord) {
      throw unreadableData(
        `${this.#file}, line ${this.#line}: this row has more than ${longestCsvRecord / 1e6} million characters.`,
        'Check for a quote that is not closed.',
      )
    }
  }

  /** Returns where the next record begins, or -1 if this one is incomplete. */
  #readRecord(text: string, start: number, isEnd: boolean): number {
    const newline = text.indexOf('\n', start)
    if (newline < 0 && !isEnd) return -1
    const lineEnd = newline < 0 ? text.length : newline
    const plain = text.slice(start, lineEnd)
    if (plain.includes('"')) return this.#readQuotedRecord(text, start, isEnd)
    const fields = (plain.endsWith('\r') ? plain.slice(0, -1) : plain).split(this.#delimiter)
    this.#give(this.#line, fields)
    this.#line++
    return lineEnd + 1
  }

  #readQuotedRecord(text: string, start: number, isEnd: boolean): number {
    const fields: string[] = []
    let at = start
    let line = this.#line
    for (let ends = false; !ends;) {
      const field =
        text[at] === '"'
          ? readQuotedField(text, at, isEnd, this.#file, line)
          : readPlainField(text, at, this.#delimiter, this.#file, line)
      if (field === undefined) return -1
      fields.push(field.value)
      line += field.lineBreaks
      at = field.end
      ends = text[at] !== this.#delimiter
      if (!ends) at++
    }
    if (text[at] === '\r') at++
    if (at >= text.length && !isEnd) return -1
    if (at < text.length && text[at] !== '\n') {
      throw unreadableData(`${this.#file}, line ${line}: a quoted field is followed by more text.`, csvHelp)
    }
    this.#give(this.#line, fields)
    this.#line = line + 1
    return at + 1
  }

  #give(line: number, fields: readonly string[]): void {
    if (fields.length === 1 && fields[0] === '') return
    this.#first ??= { line, count: fields.length }
    if (fields.length !== this.#first.count) {
      throw unreadableData(
        `${this.#file}, line ${line}: it has ${countOf(fields.length, 'field')}, but line ${this.#first.line} has ${this.#first.count}.`,
        csvHelp,
      )
    }
    this.#take({ line, fields })
  }
}

interface CsvField {
  readonly value: string
  readonly end: number
  readonly lineBreaks: number
}

/** Reads a quoted field; undefined if the text ends before the field does and more may follow. */
function readQuotedField(
  text: string,
  start: number,
  isEnd: boolean,
  file: string,
  line: number,
): CsvField | undefined {
  let value = ''
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at)
    if (!isEnd && (quote < 0 || quote === text.length - 1)) return undefined
    if (quote < 0) throw unreadableData(`${file}, line ${line}: a quote is not closed.`, csvHelp)
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1, lineBreaks: value.split('\n').length - 1 }
    value += '"'
    at = quote + 2
  }
}

function readPlainField(text: string, start: number, delimiter: string, file: string, line: number): CsvField {
  const ends = delimiter.charCodeAt(0)
  let end = start
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === ends || code === 10 || (code === 13 && text.charCodeAt(end + 1) === 10)) break
    if (code === 34) {
      throw unreadableData(`${file}, line ${line}: a quote occurs inside an unquoted field.`, csvHelp)
    }
  }
  return { value: text.slice(start, end), end, lineBreaks: 0 }
}

const csvHelp =
  'Quote fields that contain a delimiter, a line break or a quote, and double quotes in them. `delimiter` in the spec sets the field separator. Numbers with a decimal comma need quotes or another delimiter.'
