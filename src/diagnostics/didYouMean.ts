/** Finds the word that a misspelt or foreign word was meant to be. */
import { distance } from 'fastest-levenshtein'

/** Maps a folded word to the words that it may mean; which one depends on the place. */
export type ForeignWords = Readonly<Record<string, readonly string[]>>

/** Returns the words that a folded foreign word may mean. */
export function meaningsOf(folded: string, foreign: ForeignWords): readonly string[] {
  return Object.hasOwn(foreign, folded) ? foreign[folded]! : []
}

/** Keeps letters and digits only, in lower case, so `kernel_size`, `KernelSize` and `kernel-size` become one word. */
export function foldSpelling(word: string): string {
  return word.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/**
 * Finds the candidate that `word` was meant to be, or undefined if none is near. Prefers a word that differs only in case
 * and punctuation, then one in the table of `foreign` words, then the nearest by edit distance: at most a third of the
 * letters, as in rustc.
 */
export function didYouMean(
  word: string,
  candidates: readonly string[],
  foreign: ForeignWords = {},
): string | undefined {
  const folded = foldSpelling(word)
  // Never guess for punctuation-only input.
  if (folded === '') return undefined
  const spellings = candidates.map(foldSpelling)
  const alike = spellings.indexOf(folded)
  if (alike >= 0) return candidates[alike]
  const known = meaningsOf(folded, foreign).find((meaning) => candidates.includes(meaning))
  if (known !== undefined) return known
  if (word.length > 64) return undefined
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(folded.length / 3)) + 1
  for (const [index, letters] of spellings.entries()) {
    // The difference in length is a lower bound of the distance.
    if (letters === '' || Math.abs(letters.length - folded.length) >= bestDistance) continue
    const steps = countEdits(folded, letters)
    if (steps < bestDistance) [best, bestDistance] = [candidates[index], steps]
  }
  if (best !== undefined || folded.length < 3) return best
  // The beginning of only one word.
  const longer = candidates.filter((_candidate, index) => spellings[index]!.startsWith(folded))
  return longer.length === 1 ? longer[0] : undefined
}

/** The edit distance, in which two swapped neighbouring letters count as one edit. */
function countEdits(word: string, meant: string): number {
  let at = 0
  while (at < word.length && word[at] === meant[at]) at += 1
  const swapped = `${word.slice(0, at)}${word[at + 1] ?? ''}${word[at] ?? ''}${word.slice(at + 2)}`
  return Math.min(distance(word, meant), 1 + distance(swapped, meant))
}

/** Lists words in a sentence: `a`, `b` or `c`. */
export function listWords(words: readonly string[], conjunction = 'or'): string {
  const quoted = words.map((word) => `\`${word}\``)
  if (quoted.length < 2) return quoted.join('')
  return `${quoted.slice(0, -1).join(', ')} ${conjunction} ${quoted.at(-1)}`
}
