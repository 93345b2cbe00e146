/** The loader of CSV tables. */
import { createReadStream } from 'node:fs'
import { isKnownError } from '../../system/knownError.ts'
import { type CsvRecord } from '../../runtime/formats/csv.ts'
import { CsvEncoder, csvFailure, type CsvPlan, planCsv } from '../../runtime/formats/csvPlan.ts'
import { findCsvProblems } from '../../runtime/formats/csvProblems.ts'
import { CsvSurvey } from '../../runtime/formats/csvSurvey.ts'
import { type CsvForm, CsvTableReader } from '../../runtime/formats/csvTable.ts'
import { openRegularFile } from '../../system/regularFile.ts'
import { createTextDecoder } from '../../runtime/formats/utf8Text.ts'
import { GrowingArray } from '../../runtime/data/growingArray.ts'
import { refuseTooLarge } from '../../runtime/data/memoryForecast.ts'
import { cannotBeRead, fileAt } from '../../runtime/data/namedFiles.ts'
import { type DatasetSplits, type Samples } from '../../runtime/data/samples.ts'
import { TableRows } from '../../runtime/data/tableRows.ts'
import { deviationOf, rangeOf } from './csv.run.ts'
import { splitForTesting } from '../../runtime/data/testSplit.ts'

/** The options of a CSV dataset. */
export interface CsvOptions extends CsvForm {
  readonly path: string
  /** A table of validation samples, and one of test samples, with the same columns. */
  readonly validation?: string
  readonly test?: string
  /** The fraction of the rows that is held out for testing, if there is no test table. */
  readonly testSplit?: number
  /** The scaling of numbers: `standard`, to mean 0 and standard deviation 1; `minMax`, to 0..1. */
  readonly normalize?: 'standard' | 'minMax' | 'none'
}

/**
 * Loads CSV tables: each row is a sample, one column its label. A file is read twice: once to determine its columns, and
 * once for the samples. The normalization of numbers is fitted to the training samples.
 *
 * @param folder A file or its folder; overrides the path of the options.
 * @throws KnownError with the line if a file is missing or damaged, a value is missing, or the type of a column is probably
 *   a mistake.
 */
export async function loadCsv(options: CsvOptions, folder?: string): Promise<DatasetSplits> {
  const { validation, test, testSplit = 0, normalize = 'standard' } = options
  const path = fileAt(options.path, folder)
  const { plan, rows } = await surveyFile(path, options)
  refuseLargeTable(path, plan, rows)
  const all = await encodeFile(path, options, plan, rows)
  const other = (stated: string): Promise<Samples> => encodeFile(fileAt(stated, folder, path), options, plan, 1024)
  return {
    ...(test === undefined ? splitForTesting(all, testSplit) : { train: all, test: await other(test) }),
    ...(validation !== undefined && { validation: await other(validation) }),
    classNames: plan.classNames ?? [],
    ...(normalize !== 'none' && { fit: (train: Samples) => fitNumbers(train, plan, normalize) }),
  }
}

async function surveyFile(path: string, options: CsvForm): Promise<{ readonly plan: CsvPlan; readonly rows: number }> {
  let survey = new CsvSurvey([], options)
  await readRows(path, options, (names) => {
    survey = new CsvSurvey(names, options)
    return (row) => survey.take(row)
  })
  // First checks that the named columns exist.
  const plan = planCsv(survey, options, path, true)
  const problem = findCsvProblems(survey, options, path, true).find(({ severity }) => severity === 'error')
  if (problem) throw csvFailure(problem)
  return { plan, rows: survey.rows }
}

/**
 * Reads a table row by row.
 *
 * @param start Takes the names of the columns and returns the consumer of the rows.
 * @throws KnownError if the file is missing, not a table or not UTF-8.
 */
async function readRows(
  path: string,
  options: CsvForm,
  start: (names: readonly string[]) => (row: CsvRecord) => void,
): Promise<void> {
  const reader = new CsvTableReader(options, path, start)
  const decode = createTextDecoder(path)
  try {
    const chunks = createReadStream(path, { fd: openRegularFile(path).file, highWaterMark: 1 << 20 })
    for await (const bytes of chunks) reader.push(decode(bytes as Uint8Array))
  } catch (error) {
    throw isKnownError(error, 'data') ? error : cannotBeRead(path, error)
  }
  reader.push(decode())
  reader.end()
}

/**
 * Refuses a table that does not fit in memory. A row takes a float32 per number, an integer per category, its label and its
 * line.
 */
function refuseLargeTable(path: string, plan: CsvPlan, rows: number): void {
  const numbers = plan.features.filter(({ type }) => type === 'number').length
  const categories = (plan.features.length - numbers) * categoryType(plan).BYTES_PER_ELEMENT
  const bytes = rows * (4 * numbers + categories + 4 + 4)
  refuseTooLarge(bytes, `The ${rows} rows of ${path}`)
}

function categoryType({ features }: CsvPlan): Uint8ArrayConstructor | Uint16ArrayConstructor | Int32ArrayConstructor {
  const most = Math.max(0, ...features.map(({ values }) => values.length))
  return most <= 0x100 ? Uint8Array : most <= 0x10000 ? Uint16Array : Int32Array
}

/** @param expected The number of rows to allocate memory for at first. */
async function encodeFile(path: string, options: CsvForm, plan: CsvPlan, expected: number): Promise<Samples> {
  const { features, width, classNames } = plan
  const encoder = new CsvEncoder(plan, path)
  const numberCount = features.filter(({ type }) => type === 'number').length
  const numbers = new GrowingArray(Float32Array, expected * numberCount)
  type Categories = Uint8Array | Uint16Array | Int32Array
  const categories = new GrowingArray<Categories>(categoryType(plan), expected * (features.length - numberCount))
  const labelType = classNames === undefined ? Float32Array : Int32Array
  const labels = new GrowingArray<Float32Array | Int32Array>(labelType, expected)
  const lines = new GrowingArray(Int32Array, expected)
  /** The texts of numbers beyond float32, by row and index in the sample; -1 is the label. */
  const written = new Map<number, Map<number, string>>()
  const keepWritten = (row: CsvRecord, column: number, place: number): void => {
    const texts = written.get(lines.length) ?? new Map<number, string>()
    if (written.size < 1000) written.set(lines.length, texts.set(place, row.fields[column]!))
  }
  await readRows(path, options, (names) => {
    encoder.checkNames(names)
    return (row) => {
      for (const [feature, { type, column, offset }] of features.entries()) {
        const value = encoder.value(row, feature)
        if (type === 'number' && !Number.isFinite(Math.fround(value))) keepWritten(row, column, offset)
        ;(type === 'number' ? numbers : categories).push(value)
      }
      const label = encoder.label(row)
      if (!Number.isFinite(Math.fround(label))) keepWritten(row, plan.labelColumn, -1)
      labels.push(label)
      lines.push(row.line)
    }
  })
  const [numberOfLine, count] = [lines.toArray(), lines.length]
  const rows = Int32Array.from({ length: count }, (_, row) => row)
  return {
    inputs: new TableRows({ features, width, numbers: numbers.toArray(), categories: categories.toArray() }, rows),
    sampleShape: [width],
    scale: 1,
    labels: labels.toArray(),
    count,
    ...(classNames && { classes: classNames.length }),
    table: {
      columns: features.map(({ name, type, values }) => ({ name, type, ...(values.length > 0 && { values }) })),
    },
    origin: (sample) => ({
      file: path,
      line: numberOfLine[sample]!,
      ...(written.has(sample) && { written: written.get(sample)! }),
    }),
    inputNames: features.flatMap(({ name, type, values }) => (type === 'oneHot' ? values.map(() => name) : [name])),
  }
}

/** Fits the normalization of each number column to the training samples, and returns the function that applies it. */
function fitNumbers(
  train: Samples,
  { features, width }: CsvPlan,
  normalize: 'standard' | 'minMax',
): (samples: Samples) => Samples {
  const columns = (train.inputs as TableRows).numberColumns()
  const spreads = columns.map((column) => (normalize === 'standard' ? deviationOf(column) : rangeOf(column)))
  const scaling = {
    shift: Float64Array.from(spreads, ({ from }) => from),
    // A constant column is only shifted.
    scale: Float64Array.from(spreads, ({ size }) => (size > 0 ? 1 / size : 1)),
  }
  const shift = Array.from({ length: width }, () => 0)
  const scale = Array.from({ length: width }, () => 1)
  for (const [at, { offset }] of features.filter(({ type }) => type === 'number').entries()) {
    shift[offset] = scaling.shift[at]!
    scale[offset] = scaling.scale[at]!
  }
  return (samples) => ({
    ...samples,
    inputs: (samples.inputs as TableRows).withScaling(scaling),
    ...(samples.table && { table: { ...samples.table, shift, scale } }),
  })
}
