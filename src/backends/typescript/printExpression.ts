/** Prints expressions of a program as TypeScript. All text of a spec passes through `quote` or `printComment`. */
import type { Call, Expression } from '../../language/expression.ts'
import { optionlessFactories } from '../generated/optionlessFactories.ts'

/**
 * Prints the source text of an expression; the formatter does the layout.
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
      return `${expression.isAwaited ? 'await ' : ''}${checkedPath(expression.callee)}(${argumentsOf(expression).map(print).join(', ')})`
  }
}

/** The arguments of a call, without an empty record of options if the function does not require it. */
function argumentsOf({ callee, args }: Call): readonly Expression[] {
  const [options] = args
  const isEmpty = options?.kind === 'record' && options.fields.length === 0
  return isEmpty && optionlessFactories.has(callee) ? [] : args
}

/**
 * Prints a string literal that is safe anywhere in a script. A backslash is written as its code, because ts-morph takes
 * a quote after two backslashes for an escaped one, and then the text of the next literal for code or a comment.
 */
export function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll('\\\\', String.raw`\u005c`)
    .replace(unseen, escapeCharacter)
}

/** Prints one line of a `//` comment. Escapes characters that would end the line or display misleadingly. */
export function printComment(text: string): string {
  return `// ${text.replace(/\p{Cs}/gu, '\ufffd').replace(unseen, escapeCharacter)}`
}

/** Control and format characters, including those that reverse the direction of text, and line separators. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function printLiteral(value: null | boolean | number | string): string {
  if (typeof value === 'string') return quote(value)
  if (Object.is(value, -0)) return '-0'
  if (value === Infinity || value === -Infinity) return `${value < 0 ? '-' : ''}Number.POSITIVE_INFINITY`
  return Number.isNaN(value) ? 'Number.NaN' : String(value)
}

function printRecord(fields: readonly (readonly [string, Expression])[], print: (part: Expression) => string): string {
  if (fields.length === 0) return '{}'
  const printField = ([key, value]: readonly [string, Expression]) => {
    const code = print(value)
    return code === key ? key : `${printKey(key)}: ${code}${castFor(key, value)}`
  }
  return `{ ${fields.map(printField).join(', ')} }`
}

/** All shapes of tf.layers may contain null, for a size known only at run time, but only the types of these two options allow it. */
function castFor(key: string, value: Expression): string {
  if (key === 'shape' || key === 'inputShape' || value.kind !== 'list') return ''
  const sizes = value.items.map((item) => (item.kind === 'literal' ? item.value : undefined))
  return sizes.includes(null) && sizes.every((size) => size === null || typeof size === 'number') ? ' as number[]' : ''
}

function printKey(key: string): string {
  // A plain `__proto__` key would set the object's prototype.
  // Prettier removes the quotes of numeric keys in JavaScript, but keeps them in TypeScript.
  if (key === '__proto__' || /^\d+(\.\d+)?$/.test(key)) return `[${quote(key)}]`
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
}

/** Returns the name of a callee. Callees come from our own tables; the check that they are only names makes printing them safe. */
function checkedPath(path: string): string {
  if (!/^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(path)) throw new TypeError(`there is no function ${path}`)
  return path
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
