/** Decides how each column of a table becomes inputs or labels, and encodes rows accordingly. */
import { KnownError, unreadableData } from '../../system/knownError.ts'
import { type CsvRecord } from './csv.ts'
import { areLabelsClasses, type CsvProblem, kindOfColumn } from './csvProblems.ts'
import { type ColumnSurvey, type CsvSurvey } from './csvSurvey.ts'
import {
  type CsvForm,
  isMissingCategory,
  isMissingNumber,
  isNumber,
  likelyDelimiter,
  quoteCell,
  columnOptions,
  toNumber,
} from './csvTable.ts'

/** A column that is an input of the network. */
export interface CsvFeature {
  readonly name: string
  readonly column: number
  readonly type: 'number' | 'oneHot' | 'index'
  /** The categories; empty for numbers. */
  readonly values: readonly string[]
  /** The index of its first value in a sample. */
  readonly offset: number
}

/** The conversion of table rows to samples. */
export interface CsvPlan {
  /** The names of all columns of the table. */
  readonly names: readonly string[]
  readonly features: readonly CsvFeature[]
  /** The length of a sample. */
  readonly width: number
  readonly labelColumn: number
  /** The classes by index; undefined if labels are values. */
  readonly classNames: readonly string[] | undefined
  /** Whether classes are whole numbers, so that 1 and 1.0 are the same class. */
  readonly areClassesNumbers: boolean
  readonly decimal: '.' | ','
  /** Categorical columns that may have more categories in rows that were not surveyed. */
  readonly unsure: readonly string[]
}

/**
 * Plans how a table without problems becomes samples.
 *
 * @param isWhole Whether all rows were surveyed, instead of only the first.
 * @throws KnownError if a column is named that does not exist, or there is no input column.
 */
export function planCsv(survey: CsvSurvey, form: CsvForm, file: string, isWhole: boolean): CsvPlan {
  const { names, columns } = survey
  const label = columns.find(({ isLabel }) => isLabel)
  if (label === undefined) throw unknownColumn(form.label, names, file)
  for (const name of Object.keys(form.columns ?? {})) if (!names.includes(name)) throw unknownColumn(name, names, file)
  const features: CsvFeature[] = []
  const unsure: string[] = []
  let width = 0
  for (const column of columns) {
    const type = kindOfColumn(column, form)
    if (column.isLabel || type === 'ignore') continue
    const stated = columnOptions(form, column.name)?.values
    const values = type === 'number' ? [] : (stated ?? distinctTexts(column))
    if (type === 'oneHot' && stated === undefined && !isWhole) unsure.push(column.name)
    features.push({ name: column.name, column: column.column, type, values, offset: width })
    width += type === 'oneHot' ? values.length : 1
  }
  if (width === 0)
    throw unreadableData(`${file} has no columns besides the label.`, 'Add columns for the inputs of the network.')
  const areClassesNumbers = label.texts === 0
  const classNames = areLabelsClasses(label, form)
    ? [...new Set(distinctTexts(label).map((text) => (areClassesNumbers ? String(Number(text)) : text)))]
    : undefined
  const decimal = form.decimal ?? '.'
  return { names, features, width, labelColumn: label.column, classNames, areClassesNumbers, decimal, unsure }
}

/** Converts a problem to the error that ends reading. */
export function csvFailure({ message, help, code }: CsvProblem): KnownError {
  return new KnownError(code, `${message}.`, `${help[0]!.toUpperCase()}${help.slice(1)}.`)
}

/** The texts of a column, sorted: numbers first, by size. */
function distinctTexts({ seenNumbers, seenTexts }: ColumnSurvey): string[] {
  const numbers = [...seenNumbers.keys()].toSorted((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1))
  return [...numbers, ...[...seenTexts.keys()].toSorted()]
}

function unknownColumn(name: string, names: readonly string[], file: string): KnownError {
  const [only = ''] = names
  const delimiter = likelyDelimiter(names)
  return unreadableData(
    `${file} has no column ${quoteCell(name)}.`,
    delimiter === undefined
      ? `Its columns are ${names.map(quoteCell).join(', ')}.`
      : `Its first row is ${quoteCell(only)}; with \`delimiter: ${JSON.stringify(delimiter)}\` it has several columns.`,
  )
}

/** Encodes the rows of a table by a plan. */
export class CsvEncoder {
  readonly #plan: CsvPlan
  readonly #file: string
  readonly #numbers: readonly Map<string, number>[]
  readonly #classes: Map<string, number>

  constructor(plan: CsvPlan, file: string) {
    this.#plan = plan
    this.#file = file
    this.#numbers = plan.features.map(({ values }) => new Map(values.map((text, number) => [text, number])))
    this.#classes = new Map((plan.classNames ?? []).map((text, number) => [text, number]))
  }

  /** @throws KnownError if another table has different columns than the planned one. */
  checkNames(names: readonly string[]): void {
    const known = this.#plan.names
    if (names.length === known.length && names.every((name, index) => name === known[index])) return
    throw unreadableData(
      `${this.#file} has the columns ${names.map(quoteCell).join(', ')}.`,
      `The training columns are ${known.map(quoteCell).join(', ')}.`,
    )
  }

  /**
   * Returns the value of a feature in a row: the number, or the index of the category.
   *
   * @throws KnownError if it is missing, or not one of the plan's.
   */
  value(row: CsvRecord, feature: number): number {
    const { column, name, type, values } = this.#plan.features[feature]!
    const text = row.fields[column]!
    if (type === 'number') return this.#number(row, text, name)
    return this.#numbers[feature]!.get(text) ?? this.#refuseCategory(row, text, name, values)
  }

  /** Returns the class index of a row, or its value. */
  label(row: CsvRecord): number {
    const { labelColumn, names, classNames, areClassesNumbers } = this.#plan
    const text = row.fields[labelColumn]!
    const name = names[labelColumn]!
    if (classNames === undefined) return this.#number(row, text, name)
    const key = areClassesNumbers && isNumber(text) ? String(Number(text)) : text
    return this.#classes.get(key) ?? this.#refuseCategory(row, text, name, classNames)
  }

  #number(row: CsvRecord, text: string, name: string): number {
    const { decimal } = this.#plan
    if (isNumber(text, decimal)) return toNumber(text, decimal)
    if (isMissingNumber(text)) throw this.#missing(row, name)
    throw unreadableData(
      `${this.#file}, line ${row.line}: ${quoteCell(text)} in ${quoteCell(name)} is not a number.`,
      'Fix it.',
    )
  }

  #refuseCategory(row: CsvRecord, text: string, name: string, values: readonly string[]): never {
    if (isMissingCategory(text)) throw this.#missing(row, name)
    const more = values.length > 12 ? ` and ${values.length - 12} more` : ''
    throw unreadableData(
      `${this.#file}, line ${row.line}: ${quoteCell(text)} is not one of the values of ${quoteCell(name)}.`,
      `The values are ${values.slice(0, 12).join(', ')}${more}.`,
    )
  }

  #missing({ line }: CsvRecord, name: string): KnownError {
    return unreadableData(
      `${this.#file}, line ${line}: the value of ${quoteCell(name)} is missing.`,
      'Fill it in, or remove the line.',
    )
  }
}
