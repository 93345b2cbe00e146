/** Expressions of a program as TypeScript. All text of a spec goes through `quote` or `printComment`. */
import type { Expression } from '../../language/expression.ts'

/**
 * The expression's source text; layout is left to the formatter.
 *
 * @param variables Other names for references.
 */
export function printExpression(expression: Expression, variables: Readonly<Record<string, string>> = {}): string {
  const print = (part: Expression) => printExpression(part, variables)
  switch (expression.kind) {
    case 'literal':
      return printLiteral(expression.value)
    case 'list':
      return `[${expression.items.map(print).join(', ')}]`
    case 'record':
      return printRecord(expression.fields, print)
    case 'seed':
      return expression.offset === 0 ? 'seed' : `seed + ${printLiteral(expression.offset)}`
    case 'reference':
      return variables[expression.name] ?? expression.name
    case 'call':
      return `${expression.isAwaited ? 'await ' : ''}${checkedPath(expression.callee)}(${expression.args.map(print).join(', ')})`
  }
}

/**
 * A string literal that is safe in any place of a script, and on any line. A backslash is written by its code: ts-morph
 * takes the quote behind two of them for an escaped one, and what stands in the next literal for code or a comment.
 */
export function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll('\\\\', String.raw`\u005c`)
    .replace(unseen, escapeCharacter)
}

/** One line of a `//` comment: what would end the line, or show a reader something else than there is, is escaped. */
export function printComment(text: string): string {
  return `// ${text.replace(/\p{Cs}/gu, '\ufffd').replace(unseen, escapeCharacter)}`
}

/** Control and format characters (those that turn the direction of text around are among them), line separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function printLiteral(value: null | boolean | number | string): string {
  if (typeof value === 'string') return quote(value)
  if (Object.is(value, -0)) return '-0'
  if (value === Infinity || value === -Infinity) return `${value < 0 ? '-' : ''}Number.POSITIVE_INFINITY`
  return Number.isNaN(value) ? 'Number.NaN' : String(value)
}

function printRecord(fields: readonly (readonly [string, Expression])[], print: (part: Expression) => string): string {
  if (fields.length === 0) return '{}'
  return `{ ${fields.map(([key, value]) => `${printKey(key)}: ${print(value)}${castFor(key, value)}`).join(', ')} }`
}

/** tf.layers takes null for a size that is known only at run time everywhere, but its types say so of these two alone. */
function castFor(key: string, value: Expression): string {
  if (key === 'shape' || key === 'inputShape' || value.kind !== 'list') return ''
  const sizes = value.items.map((item) => (item.kind === 'literal' ? item.value : undefined))
  return sizes.includes(null) && sizes.every((size) => size === null || typeof size === 'number') ? ' as number[]' : ''
}

function printKey(key: string): string {
  // As a plain key this one would set the object's prototype.
  // Prettier takes the quotes off numbers in JavaScript, and leaves them in TypeScript.
  if (key === '__proto__' || /^\d+(\.\d+)?$/.test(key)) return `[${quote(key)}]`
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
}

/** Callees come from our own tables; that they are names and nothing else is what makes printing them safe. */
function checkedPath(path: string): string {
  if (!/^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(path)) throw new TypeError(`there is no function ${path}`)
  return path
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
