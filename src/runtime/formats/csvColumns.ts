import { DataError } from '../datasets/dataError.ts'
import { type CsvRecord } from './csv.ts'

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
  /** Whether labels are classes or values; by default values where all are numbers. */
  readonly labels?: 'classes' | 'values'
  /** What parts the fields; a comma where nothing is said. */
  readonly delimiter?: string
  /** What the columns are called, where the first row does not say so. */
  readonly names?: readonly string[]
  /** By name; by default a column of numbers is one of numbers, and any other one of categories. */
  readonly columns?: Readonly<Record<string, CsvColumn>>
  /** What is done with categories of columns of which nothing is said; `oneHot` by default. */
  readonly categories?: 'oneHot' | 'index'
}

/** A column that the network sees. */
export interface CsvFeature {
  readonly name: string
  readonly column: number
  readonly type: 'number' | 'oneHot' | 'index'
  /** None of numbers. */
  readonly values: readonly string[]
  /** Where its values begin in a sample. */
  readonly offset: number
}

/** How the rows of a table become samples. */
export interface CsvPlan {
  readonly features: readonly CsvFeature[]
  /** The length of a sample. */
  readonly width: number
  readonly labelColumn: number
  /** The classes, in the order of their numbers; undefined where labels are values. */
  readonly classNames: readonly string[] | undefined
  /** Whether all of it is sure though not all rows were seen. */
  readonly isSure: boolean
}

/** The rows of a table, below the names of its columns; without the blanks around their texts. */
export interface CsvTable {
  readonly names: readonly string[]
  readonly rows: readonly CsvRecord[]
}

/** @throws DataError where the table is empty, or two columns have one name. */
export function nameColumns(records: readonly CsvRecord[], { names }: CsvForm, file: string): CsvTable {
  const [first] = records
  if (first === undefined)
    throw new DataError(`${file} is empty.`, 'It holds the names of the columns, and a row a sample.')
  const found = (names ?? first.fields).map((name) => name.trim())
  if (names && names.length !== first.fields.length) {
    throw new DataError(
      `${file} has ${first.fields.length} columns, and \`names\` calls ${names.length}.`,
      'Call each column, in its order.',
    )
  }
  const twice = found.find((name, index) => found.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new DataError(`${file} has two columns called ${showText(twice)}.`, 'Give each its own name.')
  }
  const rows = (names ? records : records.slice(1)).map(({ line, fields }) => ({
    line,
    fields: fields.map((text) => text.trim()),
  }))
  if (rows.length === 0) throw new DataError(`${file} holds the names of columns and no rows.`, 'A row is a sample.')
  return { names: found, rows }
}

/**
 * Finds out what each column is.
 *
 * @param isWhole Whether these are all rows, and not only the first.
 * @throws DataError where a value is missing or no number, or a column is named that there is none of.
 */
export function planCsv({ names, rows }: CsvTable, form: CsvForm, file: string, isWhole: boolean): CsvPlan {
  const { label, columns = {}, categories = 'oneHot' } = form
  const labelColumn = names.indexOf(label)
  if (labelColumn < 0) throw unknownColumn(label, names, file)
  for (const name of Object.keys(columns)) if (!names.includes(name)) throw unknownColumn(name, names, file)
  const features: CsvFeature[] = []
  let width = 0
  let isSure = true
  for (const [column, name] of names.entries()) {
    const stated = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (column === labelColumn || stated?.type === 'ignore') continue
    const type = stated?.type ?? (isNumeric(rows, column) ? 'number' : categories)
    refuseMissing(rows, column, name, type, file)
    const values = type === 'number' ? [] : (stated?.values ?? distinctValues(rows, column))
    if (type === 'number') refuseText(rows, column, name, file)
    else refuseStrangers(rows, column, name, values, file)
    if (!isWhole && type !== 'number' && stated?.values === undefined) isSure = false
    features.push({ name, column, type, values, offset: width })
    width += type === 'oneHot' ? values.length : 1
  }
  if (width === 0)
    throw new DataError(`${file} has no columns besides the label.`, 'The network learns from the others.')
  const areClasses = (form.labels ?? (isNumeric(rows, labelColumn) ? 'values' : 'classes')) === 'classes'
  refuseMissing(rows, labelColumn, label, areClasses ? 'oneHot' : 'number', file)
  if (!areClasses) refuseText(rows, labelColumn, label, file)
  const classNames = areClasses ? distinctValues(rows, labelColumn) : undefined
  return { features, width, labelColumn, classNames, isSure }
}

/** The texts of a column, sorted: numbers by size, and before all others. */
function distinctValues(rows: readonly CsvRecord[], column: number): string[] {
  const values = [...new Set(rows.map(({ fields }) => fields[column]!))]
  const size = (text: string): number => (isNumber(text) ? Number(text) : Number.POSITIVE_INFINITY)
  return values.toSorted((a, b) => (size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : a < b ? -1 : a > b ? 1 : 0))
}

export function isNumber(text: string): boolean {
  return numberPattern.test(text)
}

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** What stands where a number is missing. */
const missingPattern = /^(|na|n\/a|nan|null|none|\?)$/i

function isNumeric(rows: readonly CsvRecord[], column: number): boolean {
  const texts = rows.map(({ fields }) => fields[column]!).filter((text) => !missingPattern.test(text))
  return texts.length > 0 && texts.every(isNumber)
}

function refuseMissing(
  rows: readonly CsvRecord[],
  column: number,
  name: string,
  type: CsvColumn['type'],
  file: string,
): void {
  // NA is the code of Namibia.
  const isMissing = (text: string): boolean =>
    type === 'number' ? missingPattern.test(text) : text === '' || text === '?'
  const lines = rows.filter(({ fields }) => isMissing(fields[column]!)).map(({ line }) => line)
  if (lines.length === 0) return
  const listed = lines.slice(0, 5).join(', ') + (lines.length > 5 ? ` and ${lines.length - 5} more` : '')
  throw new DataError(
    `${file}, line ${listed}: the value of ${showText(name)} is missing.`,
    `Fill ${lines.length === 1 ? 'it' : 'them'} in, leave ${lines.length === 1 ? 'the line' : 'these lines'} out, or do without the column: \`columns: { ${name}: ignore }\`.`,
  )
}

function refuseText(rows: readonly CsvRecord[], column: number, name: string, file: string): void {
  const odd = rows.find(({ fields }) => !isNumber(fields[column]!))
  if (odd === undefined) return
  throw new DataError(
    `${file}, line ${odd.line}: ${showText(odd.fields[column]!)} is no number, which ${showText(name)} is to be.`,
    `Mend it, or read the column as categories: \`columns: { ${name}: oneHot }\`.`,
  )
}

function refuseStrangers(
  rows: readonly CsvRecord[],
  column: number,
  name: string,
  values: readonly string[],
  file: string,
): void {
  const known = new Set(values)
  const odd = rows.find(({ fields }) => !known.has(fields[column]!))
  if (odd) {
    throw new DataError(
      `${file}, line ${odd.line}: ${showText(odd.fields[column]!)} is none of the values of ${showText(name)}.`,
      `They are ${values.slice(0, 12).join(', ')}${values.length > 12 ? ` and ${values.length - 12} more` : ''}.`,
    )
  }
  if (values.length <= 1000) return
  throw new DataError(
    `${file} has ${values.length} different texts in ${showText(name)}.`,
    `If it names the sample, do without it: \`columns: { ${name}: ignore }\`.`,
  )
}

function unknownColumn(name: string, names: readonly string[], file: string): DataError {
  return new DataError(`${file} has no column ${showText(name)}.`, `Its columns are ${names.map(showText).join(', ')}.`)
}

/** A text of the file, in which control characters do no harm. */
function showText(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

/**
 * Writes a row into a sample.
 *
 * @returns The label: the number of its class, or the value.
 * @throws DataError where a value is none of the plan's.
 */
export function encodeRow(
  row: CsvRecord,
  { features, labelColumn, classNames }: CsvPlan,
  sample: Float32Array,
): number {
  for (const { column, type, values, offset } of features) {
    const text = row.fields[column]!
    if (type === 'number') sample[offset] = Number(text)
    else if (type === 'index') sample[offset] = values.indexOf(text)
    else sample[offset + values.indexOf(text)] = 1
  }
  const label = row.fields[labelColumn]!
  return classNames === undefined ? Number(label) : classNames.indexOf(label)
}

/** @throws DataError where another part of a table has what the plan of the first does not know. */
export function checkAgainstPlan({ names, rows }: CsvTable, known: CsvTable, plan: CsvPlan, file: string): void {
  const stranger = names.find((name, index) => known.names[index] !== name)
  if (stranger !== undefined || names.length !== known.names.length) {
    throw new DataError(
      `${file} has the columns ${names.map(showText).join(', ')}.`,
      `Those to train on are ${known.names.map(showText).join(', ')}.`,
    )
  }
  for (const { name, column, type, values } of plan.features) {
    refuseMissing(rows, column, name, type, file)
    if (type === 'number') refuseText(rows, column, name, file)
    else refuseStrangers(rows, column, name, values, file)
  }
  const label = names[plan.labelColumn]!
  refuseMissing(rows, plan.labelColumn, label, plan.classNames ? 'oneHot' : 'number', file)
  if (plan.classNames) refuseStrangers(rows, plan.labelColumn, label, plan.classNames, file)
  else refuseText(rows, plan.labelColumn, label, file)
}
