/** Guesses the meaning of an unknown word: a misspelling, or a word of another library. */
import { didYouMean, foldSpelling, listWords, meaningsOf } from '../diagnostics/didYouMean.ts'
import type { FixKind } from '../diagnostics/diagnostic.ts'
import { approximateWords, foreignWords } from './foreignWords.ts'

export interface Guess {
  readonly word: string | undefined
  /** `rewrite` if the word means the same, `suggestion` if it is only similar. */
  readonly kind: FixKind
  readonly help: string
}

/**
 * Guesses the word that an unknown word was meant to be, with a help text.
 *
 * @param absent Help texts for folded words that have no counterpart here. They are not treated as misspellings.
 */
export function suggestWord(
  word: string,
  candidates: readonly string[],
  absent: Readonly<Record<string, string>> = {},
): Guess {
  const bare = withoutModule(word)
  const meant = didYouMean(bare, candidates, foreignWords())
  const folded = foldSpelling(bare)
  const isSame =
    meant !== undefined && (foldSpelling(meant) === folded || meaningsOf(folded, foreignWords()).includes(meant))
  const isEqual = isSame && !isApproximate(folded, meant)
  if (!isEqual && Object.hasOwn(absent, folded))
    return { word: isSame ? meant : undefined, kind: 'suggestion', help: absent[folded]! }
  if (meant !== undefined) {
    return { word: meant, kind: isEqual ? 'rewrite' : 'suggestion', help: `did you mean \`${meant}\`?` }
  }
  const shown = candidates.length > 12 ? `${listWords(candidates.slice(0, 12), 'or')}, …` : listWords(candidates)
  const help = candidates.length === 0 ? 'no keys are allowed here' : `expected ${shown}`
  return { word: undefined, kind: 'suggestion', help }
}

/** Takes `Dense` from `tf.keras.layers.Dense`, unless the whole is a known word. */
function withoutModule(word: string): string {
  const isKnown = Object.hasOwn(foreignWords(), foldSpelling(word))
  return isKnown || !/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(word) ? word : word.split('.').at(-1)!
}

/**
 * Finds the known word that has the same meaning: another spelling, or the word of another library for it.
 *
 * @param known The known words by their folded spelling.
 */
export function equalWord(word: string, known: ReadonlyMap<string, string>): string | undefined {
  const folded = foldSpelling(word)
  const alike = known.get(folded)
  if (alike !== undefined || approximateWords().has(folded)) return alike
  const words = new Set(known.values())
  return meaningsOf(folded, foreignWords()).find((meaning) => words.has(meaning))
}

/** Whether a foreign word is only similar in meaning to the word it is translated to. */
function isApproximate(folded: string, meant: string): boolean {
  return foldSpelling(meant) !== folded && approximateWords().has(folded)
}
