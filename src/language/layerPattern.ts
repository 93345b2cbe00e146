/** Patterns that choose layers by name: `conv*` is every layer whose name begins with `conv`. */
import * as Type from 'typebox'

/** One pattern, or several of which one must match. */
export type Patterns = string | readonly string[]

/** A field that takes a pattern or a list of them. */
export function patternsField(description: string, examples: readonly Patterns[]) {
  return Type.Unsafe<Patterns>({
    description,
    examples: [...examples],
    anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
  })
}

/**
 * Whether a pattern matches the name of a layer. `*` stands for any characters, `/` included, so that `stage*` also chooses the
 * layers inside a call or an iteration with such a name.
 */
export function matchesName(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*')
  const last = others.pop()
  if (last === undefined) return pattern === name
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false
  let rest = name.slice(first.length, name.length - last.length)
  for (const part of others) {
    const at = rest.indexOf(part)
    if (at < 0) return false
    rest = rest.slice(at + part.length)
  }
  return true
}

/** The value of the last pattern of a map that matches the name of a layer; undefined if none does. */
export function valueOfLayer<Value>(patterns: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.entries(patterns).findLast(([pattern]) => matchesName(pattern, name))?.[1]
}

export function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => matchesName(pattern, name))
}
