import { parseCsv } from '../formats/csv.ts'
import {
  checkAgainstPlan,
  type CsvForm,
  type CsvPlan,
  type CsvTable,
  encodeRow,
  nameColumns,
  planCsv,
} from '../formats/csvColumns.ts'
import { fileAt, readTextFile } from './namedFiles.ts'
import { type DatasetSplits, inputsInMemory, type Samples } from './samples.ts'
import { splitForTesting } from './testSplit.ts'

/** A table of samples. */
export interface CsvOptions extends CsvForm {
  readonly path: string
  /** A table of samples to validate each epoch on, and one to test on, with the same columns. */
  readonly validation?: string
  readonly test?: string
  /** The part of the rows that is kept for testing, where there is no table to test on. */
  readonly testSplit?: number
  /** How numbers are brought to one size: `standard`, mean 0 and deviation 1; `minMax`, from 0 to 1. */
  readonly normalize?: 'standard' | 'minMax' | 'none'
}

/**
 * Tables of comma-separated values: a row is a sample, one column its label. Numbers are normalized by what those that
 * train are like.
 *
 * @param folder A file or the folder that it is in, in place of the options' own path.
 * @throws DataError where a file is missing or damaged, or a value is missing: with its line.
 */
export async function loadCsv(options: CsvOptions, folder?: string): Promise<DatasetSplits> {
  const { validation, test, testSplit = 0, normalize = 'standard' } = options
  const path = fileAt(options.path, folder)
  const table = await readTable(path, options)
  const plan = planCsv(table, options, path, true)
  const all = encodeTable(table, plan, path)
  const other = async (stated: string): Promise<Samples> => {
    const file = fileAt(stated, folder, path)
    const part = await readTable(file, options)
    checkAgainstPlan(part, table, plan, file)
    return encodeTable(part, plan, file)
  }
  return {
    ...(test === undefined ? splitForTesting(all, testSplit) : { train: all, test: await other(test) }),
    ...(validation !== undefined && { validation: await other(validation) }),
    classNames: plan.classNames ?? [],
    ...(normalize !== 'none' && { fit: (train: Samples) => fitNumbers(train, plan, normalize) }),
  }
}

async function readTable(path: string, options: CsvForm): Promise<CsvTable> {
  return nameColumns(parseCsv(await readTextFile(path), options.delimiter ?? ',', path), options, path)
}

function encodeTable({ rows }: CsvTable, plan: CsvPlan, path: string): Samples {
  const { features, width, classNames } = plan
  const inputs = new Float32Array(rows.length * width)
  const labels = classNames === undefined ? new Float32Array(rows.length) : new Int32Array(rows.length)
  for (const [index, row] of rows.entries()) {
    labels[index] = encodeRow(row, plan, inputs.subarray(index * width, (index + 1) * width))
  }
  return {
    inputs,
    sampleShape: [width],
    scale: 1,
    labels,
    count: rows.length,
    ...(classNames && { classes: classNames.length }),
    table: {
      columns: features.map(({ name, type, values }) => ({ name, type, ...(values.length > 0 && { values }) })),
    },
    origin: (sample) => ({ file: path, line: rows[sample]!.line }),
    inputNames: features.flatMap(({ name, type, values }) => (type === 'oneHot' ? values.map(() => name) : [name])),
  }
}

/** What numbers become, by those of the samples that train: they are shifted and scaled column by column. */
function fitNumbers(
  train: Samples,
  { features, width }: CsvPlan,
  normalize: 'standard' | 'minMax',
): (samples: Samples) => Samples {
  const shifts = new Float64Array(width)
  const scales = new Float64Array(width).fill(1)
  const given = inputsInMemory(train)
  for (const { type, offset } of features) {
    if (type !== 'number') continue
    const column = Float64Array.from({ length: train.count }, (_, row) => given[row * width + offset]!)
    const spread = normalize === 'standard' ? deviationOf(column) : rangeOf(column)
    shifts[offset] = spread.from
    // A column that is the same everywhere stays so.
    scales[offset] = spread.size > 0 ? 1 / spread.size : 1
  }
  return (samples) => ({
    ...samples,
    inputs: Float32Array.from(
      inputsInMemory(samples),
      (value, at) => (value - shifts[at % width]!) * scales[at % width]!,
    ),
    ...(samples.table && { table: { ...samples.table, shift: [...shifts], scale: [...scales] } }),
  })
}

interface Spread {
  readonly from: number
  readonly size: number
}

function deviationOf(column: Float64Array): Spread {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length
  const squares = column.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { from: mean, size: Math.sqrt(squares / column.length) }
}

function rangeOf(column: Float64Array): Spread {
  const least = column.reduce((so, value) => Math.min(so, value), Number.POSITIVE_INFINITY)
  const most = column.reduce((so, value) => Math.max(so, value), Number.NEGATIVE_INFINITY)
  return { from: least, size: most - least }
}
