/** Finds columns of a table that would probably be read differently than intended. */
import { countOf } from '../../diagnostics/formatCount.ts'
import type { CodeOf } from '../../system/knownError.ts'
import { type ColumnSurvey, type CsvSurvey, type LineSample, type TextOccurrence } from './csvSurvey.ts'
import { type CsvForm, defaultMaxCategories, isMissingNumber, isNumber, quoteCell, columnOptions } from './csvTable.ts'

/** A problem with a column of a table. */
export interface CsvProblem {
  readonly code: CodeOf<'data'>
  readonly severity: 'error' | 'warning'
  readonly column: string
  /** A sentence without its full stop, as is `help`. */
  readonly message: string
  readonly help: string
}

/** The kind of a column: as declared, or inferred from its texts. */
export function kindOfColumn(column: ColumnSurvey, form: CsvForm): 'number' | 'oneHot' | 'index' | 'ignore' {
  if (column.isLabel) return areLabelsClasses(column, form) ? 'index' : 'number'
  return columnOptions(form, column.name)?.type ?? (isNumeric(column) ? 'number' : 'oneHot')
}

export function areLabelsClasses(label: ColumnSurvey, { labels }: CsvForm): boolean {
  return labels === undefined ? !isNumeric(label) : labels === 'classes'
}

/** Whether all cells are numbers or missing. */
function isNumeric({ texts }: ColumnSurvey): boolean {
  return texts === 0
}

/**
 * Finds at most one problem for each column of a table.
 *
 * @param isWhole Whether all rows were surveyed: in a few rows, few texts repeat.
 */
export function findCsvProblems(survey: CsvSurvey, form: CsvForm, file: string, isWhole: boolean): CsvProblem[] {
  return survey.columns.flatMap((column) => {
    const kind = kindOfColumn(column, form)
    if (kind === 'ignore') return []
    const isStated = column.isLabel ? form.labels !== undefined : columnOptions(form, column.name) !== undefined
    const error =
      (isStated ? undefined : findMisreading(column, form, file, isWhole)) ??
      findMissing(column, kind, file) ??
      (kind === 'number' ? findText(column, form, file) : findBadCategory(column, form, file))
    if (error?.severity === 'error') return [error]
    if (isStated) return []
    const warning = error ?? (kind === 'number' ? findRowNumbers(column, file) : findSimilar(column, file))
    return warning === undefined ? [] : [warning]
  })
}

/** Finds an undeclared column whose texts are probably not categories. */
function findMisreading(column: ColumnSurvey, form: CsvForm, file: string, isWhole: boolean): CsvProblem | undefined {
  const { numbers, texts } = column
  if (texts === 0) return undefined
  const seen = [...column.seenTexts].filter(([text]) => !isMissingNumber(text))
  const [first] = seen as [[string, TextOccurrence]]
  const place = (cell: [string, TextOccurrence]): string => `${file}, line ${cell[1].line}: ${quoteCell(cell[0])}`
  const share = (test: (text: string) => boolean): number => {
    const all = seen.reduce((sum, [, { count }]) => sum + count, 0)
    return seen.reduce((sum, [text, { count }]) => (test(text) ? sum + count : sum), 0) / all
  }
  const name = quoteCell(column.name)
  const problem = (
    code: CsvProblem['code'],
    message: string,
    help: string,
    severity: CsvProblem['severity'] = 'error',
  ): CsvProblem => ({ code, severity, column: column.name, message, help })
  const otherDecimal = form.decimal === ',' ? '.' : ','
  const looksNumeric = numbers >= texts
  const hasOtherDecimal = (text: string): boolean =>
    text.includes(otherDecimal) && (isNumber(text, otherDecimal) || groupedNumber.test(text))
  if (share(hasOtherDecimal) >= 0.5) {
    const cell = seen.find(([text]) => hasOtherDecimal(text))!
    const sign = otherDecimal === ',' ? 'a decimal comma' : 'a decimal point'
    const help = `with \`decimal: '${otherDecimal}'\`, ${otherDecimal === ',' ? 'commas' : 'points'} are decimal separators; remove thousands separators from the file${elseStated(column)}`
    const what = isNumber(cell[0], otherDecimal) ? sign : 'thousands separators'
    return problem('data/nearly-numeric', `${place(cell)} in ${name} is a number with ${what}`, help)
  }
  if (!looksNumeric && share((text) => datePattern.test(text)) >= 0.8) {
    const cell = seen.find(([text]) => datePattern.test(text))!
    const help = `replace it with numbers, such as the month or the days since a date${elseStated(column)}`
    return problem('data/dates', `${place(cell)} in ${name} is a date or a time, which would become a category`, help)
  }
  if (!looksNumeric && share((text) => markedNumber.test(text)) >= 0.8) {
    const help = `remove the signs from the file${elseStated(column)}`
    return problem('data/nearly-numeric', `${place(first)} in ${name} is a number with a sign or a unit`, help)
  }
  if (looksNumeric) {
    const others = texts > first[1].count ? ` and ${texts - first[1].count} more` : ''
    const message = `${place(first)}${others} in ${name} ${others === '' ? 'is not a number' : 'are not numbers'}, but ${numbers} of ${countOf(column.rows, 'cell')} are`
    if (!isMeantAsCategories(column, seen)) {
      return problem('data/nearly-numeric', message, `fix the ${others === '' ? 'cell' : 'cells'}${elseStated(column)}`)
    }
    return problem(
      'data/nearly-numeric',
      `${message}: all cells are read as categories`,
      `declare the column${elseStated(column)}`,
      'warning',
    )
  }
  const different = column.seenTexts.size + column.seenNumbers.size
  const counted = `${column.cutAfter === undefined ? '' : 'more than '}${different}`
  const outOf = column.cutAfter ?? column.rows
  const identifies = share((text) => identifierPattern.test(text)) >= 0.8 && different > outOf / 2
  const most = form.maxCategories ?? defaultMaxCategories
  const isEnough = outOf >= 20 && (isWhole || different > most)
  if ((identifies && outOf > 1) || (isEnough && different >= 0.8 * outOf)) {
    const message = `${file} has ${counted} different texts in ${name}, the first ${quoteCell(first[0])} in line ${first[1].line}, in ${outOf} rows`
    const help = `a text that is different in each row identifies the sample, and nothing can be learned from it${elseStated(column)}`
    return problem('data/nearly-unique', message, help)
  }
  if (column.isLabel || different <= most) return undefined
  const message = `${file} has ${counted} different texts in ${name}, such as ${quoteCell(first[0])} in line ${first[1].line}, more than ${most} categories`
  const help = `set \`maxCategories: ${column.cutAfter === undefined ? different : '…'}\` to allow them${elseStated(column)}`
  return problem('data/too-many-categories', message, help)
}

/** The end of a help text: how to declare a column. */
function elseStated({ name, isLabel }: ColumnSurvey): string {
  if (isLabel) return '; with `labels: classes`, each text is a class'
  return `; or declare the column: \`columns: { ${yamlKey(name)}: ignore }\`, or \`oneHot\` for categories, or \`index\` for their numbers`
}

/** Formats a name as a key of a YAML flow map. */
export function yamlKey(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_ -]*$/u.test(name) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(name)
    ? name
    : JSON.stringify(name)
}

/** Whether a column has few texts, each repeated often, which are categories such as 0, 1, 2 and 3+. */
function isMeantAsCategories(
  { rows, seenNumbers, cutAfter }: ColumnSurvey,
  seen: readonly [string, TextOccurrence][],
): boolean {
  const different = seenNumbers.size + seen.length
  return cutAfter === undefined && different <= 20 && rows >= 5 * different && seen.every(([, { count }]) => count >= 3)
}

/** Numbers with thousands separators, in English and other notations. */
const groupedNumber = /^[+-]?\d{1,3}(([.' ]\d{3})+(,\d+)?|(,\d{3})+(\.\d+)?)$/

const datePattern =
  /^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ]\d{1,2}:\d{2}.*)?$|^\d{1,2}:\d{2}(:\d{2})?$|^\d{1,2}[ -](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ -]\d{2,4}$/i

const markedNumber = /^[+-]?[$€£¥]\s?[\d.,]*\d$|^[+-]?\d[\d.,]*\s?[%€$£¥]$/

/** E-mail addresses, UUIDs and URLs. */
const identifierPattern = /^[^\s@]+@[^\s@]+\.[^\s@]+$|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$|^https?:\/\//i

function findMissing(column: ColumnSurvey, kind: 'number' | 'oneHot' | 'index', file: string): CsvProblem | undefined {
  const { lines, count }: LineSample = kind === 'number' ? column.missingNumbers : column.missingCategories
  if (count === 0) return undefined
  const listed = lines.join(', ') + (count > lines.length ? ` and ${count - lines.length} more` : '')
  const [it, line] = count === 1 ? ['it', 'the line'] : ['them', 'these lines']
  const without = column.isLabel ? '' : `, or remove the column: \`columns: { ${yamlKey(column.name)}: ignore }\``
  return {
    code: 'data/unreadable',
    severity: 'error',
    column: column.name,
    message: `${file}, line ${listed}: the value of ${quoteCell(column.name)} is missing`,
    help: `fill ${it} in, or remove ${line}${without}`,
  }
}

/** Finds a text in a column that is declared to contain numbers. */
function findText(column: ColumnSurvey, form: CsvForm, file: string): CsvProblem | undefined {
  const odd = [...column.seenTexts].find(([text]) => !isMissingNumber(text))
  if (odd === undefined) return undefined
  const [text, { line }] = odd
  const otherDecimal = form.decimal === ',' ? '.' : ','
  const categories = column.isLabel ? '`labels: classes`' : `\`columns: { ${yamlKey(column.name)}: oneHot }\``
  return {
    code: 'data/unreadable',
    severity: 'error',
    column: column.name,
    message: `${file}, line ${line}: ${quoteCell(text)} in ${quoteCell(column.name)} is not a number`,
    help: isNumber(text, otherDecimal)
      ? `set \`decimal: '${otherDecimal}'\` to read it as a number`
      : `fix it, or read the column as categories: ${categories}`,
  }
}

/** Finds a category that is not declared, or a class that is not a whole number in a column of numbers. */
function findBadCategory(column: ColumnSurvey, form: CsvForm, file: string): CsvProblem | undefined {
  const { name, seenTexts, seenNumbers } = column
  const problem = (code: CsvProblem['code'], text: string, what: string, help: string): CsvProblem => {
    const { line } = seenTexts.get(text) ?? seenNumbers.get(text)!
    const message = `${file}, line ${line}: ${quoteCell(text)} ${what}`
    return { code, severity: 'error', column: name, message, help }
  }
  if (column.isLabel) {
    if (column.texts > 0) return undefined
    const odd = [...seenNumbers.keys()].find((text) => !Number.isSafeInteger(Number(text)))
    if (odd === undefined) return undefined
    return problem(
      'data/bad-label',
      odd,
      `in ${quoteCell(name)} is not a class: numeric classes must be whole numbers`,
      'for values to predict, set `labels: values`',
    )
  }
  const values = columnOptions(form, name)?.values
  if (values === undefined) return undefined
  const known = new Set(values)
  const odd = [...seenNumbers.keys(), ...seenTexts.keys()].find((text) => !known.has(text))
  if (odd === undefined) return undefined
  const more = values.length > 12 ? ` and ${values.length - 12} more` : ''
  return problem(
    'data/unreadable',
    odd,
    `is not one of the values of ${quoteCell(name)}`,
    `the values are ${values.slice(0, 12).join(', ')}${more}`,
  )
}

/** Finds categories that differ only in case, quotes or blanks. */
function findSimilar({ name, seenTexts }: ColumnSurvey, file: string): CsvProblem | undefined {
  if (seenTexts.size > 10_000) return undefined
  const firsts = new Map<string, string>()
  for (const [text, { line }] of seenTexts) {
    const plain = text
      .toLowerCase()
      .replaceAll(/^['"“”‘’\s]+|['"“”‘’\s]+$/gu, '')
      .replaceAll(/\s+/g, ' ')
    const twin = firsts.get(plain)
    if (twin === undefined) {
      firsts.set(plain, text)
      continue
    }
    return {
      code: 'data/similar-categories',
      severity: 'warning',
      column: name,
      message: `${file}, line ${line}: ${quoteCell(text)} in ${quoteCell(name)} is a different category than ${quoteCell(twin)} in line ${seenTexts.get(twin)!.line}`,
      help: 'spell equal categories the same way',
    }
  }
  return undefined
}

/** Finds row numbers, which count up in a column whose name suggests that. */
function findRowNumbers({ name, rows, countsUp, isLabel }: ColumnSurvey, file: string): CsvProblem | undefined {
  if (isLabel || !countsUp || rows < 10 || !rowNumberName.test(name)) return undefined
  return {
    code: 'data/row-numbers',
    severity: 'warning',
    column: name,
    message: `${quoteCell(name)} of ${file} contains row numbers, which would be an input of the network`,
    help: `remove it: \`columns: { ${yamlKey(name)}: ignore }\``,
  }
}

/** Names of columns of row numbers; pandas writes row numbers into a column without a name. */
const rowNumberName =
  /^(|#|([Uu]nnamed: \d+)|[Nn][or]\.?|[Rr]ow([ _-]?([Ii]d|[Nn]umber))?|[Ii]ndex|(.*[ _-])?(id|ID|Id)|.*[a-z]I[dD])$/
