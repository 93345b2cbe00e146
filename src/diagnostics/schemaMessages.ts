/** What a schema error means, in words. */
import { didYouMean, foldSpelling, listWords, meaningsOf } from './didYouMean.ts'
import type { FixKind } from './diagnostic.ts'
import { approximateWords, foreignWords } from './foreignWords.ts'

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
  /** Whether the word means the same, or is only near. */
  readonly kind: FixKind
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
  const bare = withoutModule(word)
  const meant = didYouMean(bare, candidates, foreignWords)
  const folded = foldSpelling(bare)
  const isSame =
    meant !== undefined && (foldSpelling(meant) === folded || meaningsOf(folded, foreignWords).includes(meant))
  const isEqual = isSame && !isApproximate(folded, meant)
  if (!isEqual && Object.hasOwn(absent, folded))
    return { word: isSame ? meant : undefined, kind: 'suggestion', help: absent[folded]! }
  if (meant !== undefined) {
    return { word: meant, kind: isEqual ? 'rewrite' : 'suggestion', help: `did you mean \`${meant}\`?` }
  }
  const shown = candidates.length > 12 ? `${listWords(candidates.slice(0, 12), 'or')}, …` : listWords(candidates)
  const help = candidates.length === 0 ? 'no key is known here' : `known here: ${shown}`
  return { word: undefined, kind: 'suggestion', help }
}

/** `Dense` of `tf.keras.layers.Dense`, unless the whole is a word of its own. */
function withoutModule(word: string): string {
  const isKnown = Object.hasOwn(foreignWords, foldSpelling(word))
  return isKnown || !/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(word) ? word : word.split('.').at(-1)!
}

/**
 * The one of the words that means what `word` does: in another spelling, or as others call it.
 *
 * @param known By their folded spelling.
 */
export function equalWord(word: string, known: ReadonlyMap<string, string>): string | undefined {
  const folded = foldSpelling(word)
  const alike = known.get(folded)
  if (alike !== undefined || approximateWords.has(folded)) return alike
  const words = new Set(known.values())
  return meaningsOf(folded, foreignWords).find((meaning) => words.has(meaning))
}

/** Whether a foreign word stands for one that means something else, if nearly. */
function isApproximate(folded: string, meant: string): boolean {
  return foldSpelling(meant) !== folded && approximateWords.has(folded)
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

/** @param what The value, as the message calls it. */
export function wrongType(what: string, value: unknown, kinds: readonly string[]): string {
  const names = kinds.map(kindName)
  const wanted = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
  return `${what} must be ${wanted}, but is ${showValue(value)}`
}
