/** Splits samples with equal fractions of each class. */
import { sequentialIndices, shuffledIndices } from './random.ts'
import type { Samples } from './samples.ts'

/**
 * Splits the indices of samples into two sorted parts with the same fraction of each class. The seed determines which
 * samples of a class are in which part. Samples whose labels are values count as one class.
 *
 * @param fraction The fraction of each class in `rest`, rounded so that the total is right.
 */
export function stratifiedOrder(
  { labels, count }: Pick<Samples, 'labels' | 'count'>,
  fraction: number,
  seed: number,
): { readonly first: Int32Array; readonly rest: Int32Array } {
  const sizes = new Map<number, number>()
  const classOf = (sample: number): number => (labels instanceof Float32Array ? 0 : labels[sample]!)
  for (let sample = 0; sample < count; sample++) {
    sizes.set(classOf(sample), (sizes.get(classOf(sample)) ?? 0) + 1)
  }
  const wanted = shareOut(sizes, fraction)
  const chosen = new Set<number>()
  for (const sample of shuffledIndices(count, seed, 0)) {
    const label = classOf(sample)
    const left = wanted.get(label)!
    if (left === 0) continue
    wanted.set(label, left - 1)
    chosen.add(sample)
  }
  const indices = sequentialIndices(count)
  return {
    first: indices.filter((sample) => !chosen.has(sample)),
    rest: indices.filter((sample) => chosen.has(sample)),
  }
}

/** The number of samples per class: fractions rounded down, then the largest remainders up until the total is right. */
function shareOut(sizes: ReadonlyMap<number, number>, fraction: number): Map<number, number> {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  const shares = new Map([...sizes].map(([label, size]) => [label, Math.floor(size * fraction)]))
  let left = Math.round(total * fraction) - [...shares.values()].reduce((sum, share) => sum + share, 0)
  const byRemainder = [...sizes].toSorted(
    ([oneLabel, one], [otherLabel, other]) =>
      other * fraction - Math.floor(other * fraction) - (one * fraction - Math.floor(one * fraction)) ||
      oneLabel - otherLabel,
  )
  for (const [label] of byRemainder) {
    if (left <= 0) break
    shares.set(label, shares.get(label)! + 1)
    left--
  }
  return shares
}
