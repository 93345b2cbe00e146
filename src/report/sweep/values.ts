/** Prints the values of parameters: short, on one line, and named by the shortest end of their path that is unique. */
import { escapeInLine } from '../../system/controlCharacters.ts'

/** Prints a value as in YAML, cut after `limit` characters. */
export function printValue(value: unknown, limit = 40): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return shorten(escapeInLine(text), limit)
}

/** Prints a value as `printValue`, but a number with at most 6 digits: drawn numbers have many. */
export function printRounded(value: unknown): string {
  return typeof value === 'number' ? printNumber(value, 6) : printValue(value)
}

/** Prints `0.001`, `1.2e-5` or `512` with at most so many significant digits; an integer has all of its digits. */
export function printNumber(value: number, digits: number): string {
  if (Number.isInteger(value)) return String(value)
  const rounded = Number(value.toPrecision(digits))
  return Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded)
}

/** Cuts a text between characters, so that no half of a surrogate pair remains. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  const characters = Array.from(text.slice(0, 2 * limit + 2))
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`
}

/** Returns the name of each path: its last key, with as many keys before it as it needs to differ from the others. */
export function shortNames(paths: readonly string[]): string[] {
  const keys = paths.map((path) => path.split('.'))
  const endOf = (own: readonly string[], length: number) => own.slice(-length).join('.')
  return keys.map((own) => {
    const isUnique = (length: number) => keys.filter((other) => endOf(other, length) === endOf(own, length)).length < 2
    const lengths = own.map((_, index) => index + 1)
    return endOf(own, lengths.find(isUnique) ?? own.length)
  })
}
