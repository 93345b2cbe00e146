import { DataError } from '../datasets/dataError.ts'

/** A row of a CSV file. */
export interface CsvRecord {
  /** The line on which it begins, counted from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/**
 * Reads comma-separated values by RFC 4180: fields in double quotes may hold delimiters, line breaks and, doubled, quotes.
 * Lines end with LF or CRLF; empty lines and a byte order mark are passed over.
 *
 * @param delimiter What parts the fields: a single character.
 * @param file Its name, for messages.
 * @throws DataError where quotes do not match, or rows have different numbers of fields.
 */
export function parseCsv(text: string, delimiter: string, file: string): CsvRecord[] {
  const records: CsvRecord[] = []
  let at = text.startsWith('\ufeff') ? 1 : 0
  let line = 1
  while (at < text.length) {
    const begins = line
    const fields: string[] = []
    for (let ends = false; !ends;) {
      const field = text[at] === '"' ? readQuoted(text, at, file, line) : readPlain(text, at, delimiter, file, line)
      fields.push(field.value)
      line += field.lineBreaks
      at = field.end
      ends = text[at] !== delimiter
      if (!ends) at++
    }
    if (text[at] === '\r') at++
    if (at < text.length && text[at] !== '\n') {
      throw new DataError(`${file}, line ${line}: text follows a field in quotes.`, csvHelp)
    }
    at++
    line++
    if (fields.length > 1 || fields[0] !== '') records.push({ line: begins, fields })
  }
  const [first] = records
  const odd = records.find(({ fields }) => fields.length !== first!.fields.length)
  if (odd) {
    throw new DataError(
      `${file}, line ${odd.line}: it has ${odd.fields.length} fields where line ${first!.line} has ${first!.fields.length}.`,
      csvHelp,
    )
  }
  return records
}

interface CsvField {
  readonly value: string
  readonly end: number
  readonly lineBreaks: number
}

function readQuoted(text: string, start: number, file: string, line: number): CsvField {
  let value = ''
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) throw new DataError(`${file}, line ${line}: a quote is opened and never closed.`, csvHelp)
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1, lineBreaks: value.split('\n').length - 1 }
    value += '"'
    at = quote + 2
  }
}

function readPlain(text: string, start: number, delimiter: string, file: string, line: number): CsvField {
  const ends = delimiter.charCodeAt(0)
  let end = start
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === ends || code === 10 || (code === 13 && text.charCodeAt(end + 1) === 10)) break
    if (code === 34) {
      throw new DataError(`${file}, line ${line}: a quote stands within a field that does not begin with one.`, csvHelp)
    }
  }
  return { value: text.slice(start, end), end, lineBreaks: 0 }
}

const csvHelp =
  'Fields that hold a delimiter, a line break or a quote stand in quotes, with quotes doubled; `delimiter` of the spec says what parts them.'
