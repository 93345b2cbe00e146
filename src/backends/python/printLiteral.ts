/** Prints values as Python literals. Text of a spec reaches Python code only through `quotePython`. */
import type { Expression } from '../../language/expression.ts'

/** Prints a string literal as `ruff format` would: in double quotes, unless single ones need fewer escapes. */
export function quotePython(text: string): string {
  // JSON's escapes are valid in Python.
  const quoted = JSON.stringify(text).replaceAll(unseen, escapeCharacter)
  const doubles = text.split('"').length
  if (doubles === 1 || text.split("'").length >= doubles) return quoted
  return `'${quoted
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll("'", String.raw`\'`)}'`
}

/** Prints one line of a comment. Escapes characters that would end the line or display misleadingly. */
export function printPythonComment(text: string): string {
  return `# ${text.replaceAll(/\p{Cs}/gu, '\ufffd').replaceAll(unseen, escapeCharacter)}`
}

/** Control and format characters, including those that reverse the direction of text, and line separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16)
  return code.length > 4 ? String.raw`\U${code.padStart(8, '0')}` : String.raw`\u${code.padStart(4, '0')}`
}

/** Prints a number that has to be a float. */
export function printFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value)
}

export type PythonValue =
  undefined | null | boolean | number | string | readonly PythonValue[] | { readonly [key: string]: PythonValue }

/** Prints plain data. A list of numbers becomes a tuple, as for shapes, any other list a list, and a record a dictionary. */
export function printLiteral(value: PythonValue): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return quotePython(value)
  if (typeof value === 'number') return printNumber(value)
  if (isList(value)) return printList(value)
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  return `{${fields.map(([key, item]) => `${quotePython(key)}: ${printLiteral(item)}`).join(', ')}}`
}

function isList(value: object): value is readonly PythonValue[] {
  return Array.isArray(value)
}

function printList(values: readonly PythonValue[]): string {
  const items = values.map(printLiteral)
  if (!isTuple(values)) return `[${items.join(', ')}]`
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`
}

/** Whether a list is a shape, a size or several of these. */
function isTuple(values: readonly PythonValue[]): boolean {
  const isPart = (item: PythonValue) =>
    typeof item === 'number' ||
    item === null ||
    (item !== undefined && typeof item === 'object' && isList(item) && isTuple(item))
  return values.length > 0 && values.every(isPart)
}

function printNumber(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'float("nan")' : `float("${value > 0 ? '' : '-'}inf")`
}

/** `kernelSize` → `kernel_size`, `conv2dTranspose` → `conv2d_transpose`, `reLU` → `relu`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (capitals, place: number) => `${place > 0 ? '_' : ''}${capitals.toLowerCase()}`)
}

/** The plain data of an expression without calls and references. */
export function dataOf(expression: Expression): PythonValue {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'list':
      return expression.items.map(dataOf)
    case 'record':
      return Object.fromEntries(expression.fields.map(([key, value]) => [key, dataOf(value)]))
    default:
      throw new Error(`a value in Python that is a ${expression.kind}`)
  }
}
