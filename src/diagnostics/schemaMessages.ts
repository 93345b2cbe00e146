/** What a schema error means, in words. */
import { didYouMean, foldSpelling, listWords, meaningsOf } from './didYouMean.ts'
import { foreignWords } from './foreignWords.ts'

const kindNames: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a word',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys to values',
  null: 'nothing (null)',
}

export function kindName(kind: string): string {
  return kindNames[kind] ?? kind
}

/** A value as a message shows it: whole if short, else what it is. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? `"${value}"` : JSON.stringify(value)
  if (text.length <= 40) return text
  if (typeof value === 'string') return `"${value.slice(0, 36)}…"`
  return Array.isArray(value) ? `a list of ${value.length} items` : 'a map'
}

export interface Guess {
  readonly word: string | undefined
  readonly help: string
}

/**
 * What an unknown word was meant to be, and the sentence that says so.
 *
 * @param absent What to say of words that have no counterpart, folded: they are no slip of the pen for a word like them.
 */
export function guessWord(
  word: string,
  candidates: readonly string[],
  absent: Readonly<Record<string, string>> = {},
): Guess {
  const meant = didYouMean(word, candidates, foreignWords)
  const folded = foldSpelling(word)
  const isSame =
    meant !== undefined && (foldSpelling(meant) === folded || meaningsOf(folded, foreignWords).includes(meant))
  if (!isSame && Object.hasOwn(absent, folded)) return { word: undefined, help: absent[folded]! }
  if (meant !== undefined) return { word: meant, help: `did you mean \`${meant}\`?` }
  const shown = candidates.length > 12 ? `${listWords(candidates.slice(0, 12), 'or')}, …` : listWords(candidates)
  return { word: undefined, help: candidates.length === 0 ? 'no key is known here' : `known here: ${shown}` }
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

export function wrongType(key: string, value: unknown, kinds: readonly string[]): string {
  const names = kinds.map(kindName)
  const wanted = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return `\`${key}\` must be ${wanted}, but is ${showValue(value)}`
}
