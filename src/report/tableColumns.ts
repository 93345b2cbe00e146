/** Prints how the columns of a table are read, for `check --data`, `data` and `summary`. */
import type { ColumnFacts } from '../language/datasetDef.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { alignColumns } from './alignColumns.ts'

/** The maximum number of categories listed for a column. */
const mostListed = 6

/** The default maximum number of columns listed. */
const mostColumns = 50

/** Prints a line for each column: its name, its type, its range or categories, and the number of inputs it becomes. */
export function reportColumns(columns: readonly ColumnFacts[], most = mostColumns): string {
  const rows = columns.slice(0, most).map((column) => {
    const { name, type, isLabel, isStated, inputs } = column
    const kind = isLabel ? `label: ${type === 'number' ? 'values' : 'classes'}` : type
    const inputCount = isLabel || type === 'ignore' ? '' : `${formatCount(inputs)} ${inputs === 1 ? 'input' : 'inputs'}`
    return [quoteName(name), kind, contentOf(column), inputCount, isStated ? 'stated' : '']
  })
  const lines = alignColumns(rows).map((line) => `  ${line}`)
  const more = columns.length - rows.length
  return `Columns:\n${[...lines, ...(more > 0 ? [`  and ${formatCount(more)} more`] : [])].join('\n')}\n`
}

function contentOf({ range, values }: ColumnFacts): string {
  if (range !== undefined) return range[0] === range[1] ? `${range[0]} everywhere` : `${range[0]} to ${range[1]}`
  if (values === undefined) return ''
  const more = values.length > mostListed ? ` and ${formatCount(values.length - mostListed)} more` : ''
  return `${values.slice(0, mostListed).map(quoteName).join(', ')}${more}`
}

/** Quotes a name that could be misread, and escapes its control characters. */
function quoteName(name: string): string {
  const shown = name.length > 30 ? `${name.slice(0, 29)}…` : name
  // JSON does not escape the control characters of Latin-1.
  const escape = (sign: string) => `\\u00${sign.codePointAt(0)!.toString(16)}`
  return /^[\p{L}\p{N}_.+-][\p{L}\p{N}_.+ -]*…?$/u.test(shown) && shown === shown.trim()
    ? shown
    : JSON.stringify(shown).replaceAll(/[\u007f-\u009f]/g, escape)
}

/** Returns the columns as data, with at most 100 categories each. */
export function columnsAsJson(columns: readonly ColumnFacts[]): object[] {
  return columns.map(({ name, isLabel, type, isStated, range, values, inputs }) => ({
    name,
    role: isLabel ? 'label' : type === 'ignore' ? 'ignored' : 'input',
    type,
    stated: isStated,
    ...(range && { least: range[0], most: range[1] }),
    ...(values && { categories: values.length, values: values.slice(0, 100) }),
    inputs,
  }))
}
