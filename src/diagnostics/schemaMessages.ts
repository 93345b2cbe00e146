/** The messages of schema errors. */

const kindNames: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a word',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
}

export function kindName(kind: string): string {
  return kindNames[kind] ?? kind
}

/** Formats a value for a message: in full if it is short, otherwise abbreviated. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? `"${withoutBreaks(value)}"` : JSON.stringify(value)
  if (text.length <= 40) return text
  if (typeof value === 'string') return `${text.slice(0, 37)}…"`
  return Array.isArray(value) ? `a list of ${value.length} items` : 'a map'
}

/** Writes line breaks, tabs and other control characters as in JSON: a message is one line. */
function withoutBreaks(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1))
}

export function outOfRange(key: string, value: unknown, keyword: string, limit: unknown): string {
  const bound: Readonly<Record<string, string>> = {
    minimum: 'at least',
    maximum: 'at most',
    exclusiveMinimum: 'above',
    exclusiveMaximum: 'below',
  }
  return `\`${key}\` is ${showValue(value)}, but must be ${bound[keyword] ?? 'within'} ${String(limit)}`
}

/** @param what The name of the value in the message. */
export function wrongType(what: string, value: unknown, kinds: readonly string[]): string {
  // Nothing instead of a map means its defaults, which is not what somebody who wrote another value wants.
  const stated = kinds.includes('object') ? kinds.filter((kind) => kind !== 'null') : kinds
  const names = stated.map(kindName)
  const wanted = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return `${what} must be ${wanted}, but is ${showValue(value)}`
}
