/** Reads tables of comma-separated values. */
import { fileAt, readParsed } from '../../script/dataFiles.ts'
import type { Data, Samples } from '../../script/samples.ts'

/** The columns and the format of a table. */
export interface Table {
  /** The input columns: numbers, one-hot categories, or categories as an index in a list. */
  inputs: readonly { name: string; oneHot?: readonly string[]; index?: readonly string[] }[]
  /** The column to predict, and its classes; without classes, it has values. */
  label: string
  classes?: readonly (string | number)[]
  delimiter: string
  decimal: string
  /** The names of the columns, if the table has no header. */
  names?: readonly string[]
}

/**
 * Reads tables with the same columns; each row is a sample.
 *
 * @param files The tables of the training, validation and test samples.
 * @param data The folder of these files, or the path of the training table.
 */
export async function readCsv(
  files: { train: string; validation?: string; test?: string },
  table: Table,
  data?: string,
): Promise<Data> {
  const first = fileAt(files.train, data)
  const other = (file: string) => readTable(first === data ? file : fileAt(file, data), table)
  return {
    train: await readTable(first, table),
    ...(files.validation !== undefined && { validation: await other(files.validation) }),
    ...(files.test !== undefined && { test: await other(files.test) }),
  }
}

async function readTable(file: string, table: Table): Promise<Samples> {
  return readParsed(file, 'Fix it, or pass another folder with --data.', (bytes) => {
    const rows = parseCsv(new TextDecoder('utf-8', { fatal: true }).decode(bytes), table.delimiter)
    const names = table.names ?? rows.shift() ?? []
    const width = table.inputs.reduce((sum, { oneHot }) => sum + (oneHot?.length ?? 1), 0)
    const inputs = new Float32Array(rows.length * width)
    let start = 0
    for (const { name, oneHot, index } of table.inputs) {
      const values = readColumn(rows, names, name, table.decimal, oneHot ?? index)
      for (const [row, value] of values.entries())
        inputs[row * width + start + (oneHot ? value : 0)] = oneHot ? 1 : value
      start += oneHot?.length ?? 1
    }
    const labels = readColumn(rows, names, table.label, table.decimal, table.classes)
    return {
      inputs,
      sampleShape: [width],
      scale: 1,
      labels: table.classes ? Int32Array.from(labels) : Float32Array.from(labels),
      count: rows.length,
    }
  })
}

/** Reads a column as numbers; categories become their index among the known ones. */
function readColumn(
  rows: string[][],
  names: readonly string[],
  name: string,
  decimal: string,
  known?: readonly (string | number)[],
): number[] {
  const column = names.indexOf(name)
  if (column < 0) throw new Error(`it has no column ${name}`)
  return rows.map((row, at) => {
    const text = row[column] ?? ''
    const number = text === '' ? Number.NaN : Number(text.replace(decimal, '.'))
    const value = known ? known.indexOf(typeof known[0] === 'number' ? number : text) : number
    if (known ? value >= 0 : Number.isFinite(value)) return value
    throw new Error(
      `${JSON.stringify(text)} in row ${at + 1} of ${name} is not ${known ? `one of ${known.slice(0, 9).join(', ')}` : 'a number'}`,
    )
  })
}

/** Parses a text by RFC 4180: quoted fields may contain delimiters, line breaks and doubled quotes. */
export function parseCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (let at = 0; at < text.length;) {
    let field = ''
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1)
      for (; text[end + 1] === '"'; end = text.indexOf('"', end + 2));
      if (end < 0) throw new Error('a quote is not closed')
      field = text.slice(at + 1, end).replaceAll('""', '"')
      at = end + 1
    } else {
      const start = at
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++
      field = text.slice(start, at).replace(/\r$/, '')
    }
    row.push(field.trim())
    if (text[at] === '\r') at++
    if (text[at++] === delimiter) {
      if (at < text.length) continue
      row.push('')
    }
    if (row.length > 1 || field !== '') rows.push(row)
    row = []
  }
  return rows
}

/** Scales these columns in place to mean 0 and standard deviation 1, measured on the training samples. */
export function standardize(data: Data, columns: readonly number[]): Data {
  return scaleColumns(data, columns, deviationOf)
}

/** Scales these columns in place to 0..1, measured on the training samples. */
export function scaleToUnit(data: Data, columns: readonly number[]): Data {
  return scaleColumns(data, columns, rangeOf)
}

function scaleColumns(data: Data, columns: readonly number[], spreadOf: typeof deviationOf): Data {
  const width = data.train.sampleShape[0]!
  for (const column of columns) {
    const { from, size } = spreadOf(data.train.inputs.filter((_, at) => at % width === column))
    const scale = size > 0 ? 1 / size : 1
    for (const inputs of [data.train, data.validation, data.test].map((samples) => samples?.inputs ?? [])) {
      for (let at = column; at < inputs.length; at += width) inputs[at] = (inputs[at]! - from) * scale
    }
  }
  return data
}

/** The offset and the scale of a column. */
interface Spread {
  from: number
  size: number
}

/** The mean and standard deviation, relative to the first value, so the mean of equal numbers is exact. */
export function deviationOf(column: Iterable<number>): Spread {
  const values = Float64Array.from(column)
  const [first = 0] = values
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { from: mean, size: Math.sqrt(squares / values.length) }
}

/** The minimum, and the difference from the minimum to the maximum. */
export function rangeOf(column: Iterable<number>): Spread {
  const values = Float64Array.from(column)
  const least = values.reduce((so, value) => Math.min(so, value), Number.POSITIVE_INFINITY)
  const most = values.reduce((so, value) => Math.max(so, value), Number.NEGATIVE_INFINITY)
  return { from: least, size: most - least }
}
