/** Finds the word that a misspelt or foreign word was meant to be. */
import { distance } from 'fastest-levenshtein'

/** By a folded word, the words that it may stand for: which one depends on the place. */
export type ForeignWords = Readonly<Record<string, readonly string[]>>

/** What a folded word may stand for. */
export function meaningsOf(folded: string, foreign: ForeignWords): readonly string[] {
  return Object.hasOwn(foreign, folded) ? foreign[folded]! : []
}

/** Letters and digits only, in lower case: `kernel_size`, `KernelSize` and `kernel-size` are one word. */
export function foldSpelling(word: string): string {
  return word.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/**
 * The candidate that `word` was meant to be, or undefined if none is near. A word that differs only in case and
 * punctuation comes first, then one in the table of `foreign` words, then the nearest by edit distance: at most a
 * third of the letters, as rustc allows.
 */
export function didYouMean(
  word: string,
  candidates: readonly string[],
  foreign: ForeignWords = {},
): string | undefined {
  const folded = foldSpelling(word)
  // Signs are not misspelt words: a blank is no comma.
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
    // No word is nearer than the letters that it lacks.
    if (letters === '' || Math.abs(letters.length - folded.length) >= bestDistance) continue
    const steps = countSlips(folded, letters)
    if (steps < bestDistance) [best, bestDistance] = [candidates[index], steps]
  }
  return best
}

/** The edit distance, where two neighbouring letters in the wrong order are one slip. */
function countSlips(word: string, meant: string): number {
  let at = 0
  while (at < word.length && word[at] === meant[at]) at += 1
  const swapped = `${word.slice(0, at)}${word[at + 1] ?? ''}${word[at] ?? ''}${word.slice(at + 2)}`
  return Math.min(distance(word, meant), 1 + distance(swapped, meant))
}

/** `a`, `b` or `c`. */
export function listWords(words: readonly string[], conjunction = 'or'): string {
  const quoted = words.map((word) => `\`${word}\``)
  if (quoted.length < 2) return quoted.join('')
  return `${quoted.slice(0, -1).join(', ')} ${conjunction} ${quoted.at(-1)}`
}
