/** Reads the rows of tables as samples, encoded and normalized as in training. */
import type { TableEncoding } from '../../runtime/data/samples.ts'
import { parseCsv, type CsvRecord } from '../../runtime/formats/csv.ts'
import { isNumber, toNumber } from '../../runtime/formats/csvTable.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import type { ReadSample, UnreadInput } from './prediction.ts'

export interface TableForm {
  readonly encoding: TableEncoding
  /** The field separator, a comma by default. */
  readonly delimiter?: string
  readonly decimal?: '.' | ','
  /** The names of the columns, if the first row does not contain them. */
  readonly names?: readonly string[]
}

/**
 * Reads a sample from each row. A row that cannot be read gives an entry with its `problem`. Columns that the network does
 * not use, such as the label, are optional.
 *
 * @throws KnownError if the file is not a table.
 */
export async function readTable(input: string, form: TableForm): Promise<(ReadSample | UnreadInput)[]> {
  const { encoding, delimiter = ',', decimal = '.' } = form
  const records = parseCsv((await readWholeFile(input, fileSizeLimits.text)).toString('utf8'), delimiter, input)
  const [head] = records
  if (head === undefined) return [{ input, problem: 'it is empty' }]
  const names = columnNames(head, form)
  const missing = encoding.columns.filter(({ name }) => !names.includes(name))
  if (missing.length > 0) {
    const [many, listed] = [missing.length > 1, missing.map(({ name }) => `\`${name}\``).join(', ')]
    return [{ input, problem: `it has no ${many ? 'columns' : 'column'} ${listed}, which the network was trained on` }]
  }
  const places = encoding.columns.map(({ name }) => names.indexOf(name))
  return (form.names === undefined ? records.slice(1) : records).map(({ line, fields }) => {
    const texts = places.map((place) => fields[place]!.trim())
    const sample = encode(texts, encoding, decimal)
    return typeof sample === 'string' ? { input, row: line, problem: sample } : { input, row: line, numbers: sample }
  })
}

/** The names in the spec if their number fits. A table without the label column must name its columns in its first row. */
function columnNames(head: CsvRecord, { names }: TableForm): readonly string[] {
  return (names?.length === head.fields.length ? names : head.fields).map((name) => name.trim())
}

/** Encodes the fields of a row; returns the problem if that is not possible. */
function encode(
  texts: readonly string[],
  { columns, shift, scale }: TableEncoding,
  decimal: '.' | ',',
): Float32Array | string {
  const sample: number[] = []
  for (const [index, { name, type, values = [] }] of columns.entries()) {
    const text = texts[index]!
    if (type === 'number') {
      if (!isNumber(text, decimal)) return `${JSON.stringify(text)} in \`${name}\` is not a number`
      const value = toNumber(text, decimal)
      if (!Number.isFinite(Math.fround(value))) return `${text} in \`${name}\` exceeds the range of float32, 3.4e38`
      sample.push(value)
      continue
    }
    const category = values.indexOf(text)
    if (category < 0) return `${JSON.stringify(text)} is not one of the values of \`${name}\` in training`
    if (type === 'index') sample.push(category)
    else sample.push(...values.map((_value, other) => (other === category ? 1 : 0)))
  }
  // As in training, numbers become float32 before they are shifted and scaled.
  return Float32Array.from(Float32Array.from(sample), (value, at) =>
    shift && scale ? (value - shift[at]!) * scale[at]! : value,
  )
}
