/** Prints the values of parameters: short, on one line, and named by the shortest end of their path that is unique. */
import { escapeInLine } from '../../system/controlCharacters.ts'

/** Prints a value as in YAML, cut after `limit` characters. */
export function printValue(value: unknown, limit = 40): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return shorten(escapeInLine(text), limit)
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
