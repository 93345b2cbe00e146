/** Seeded random numbers, equal on every platform. */

/** Creates a generator of uniform numbers in [0, 1): mulberry32 by Tommy Ettinger, public domain. */
export function createRandom(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
}

/** Hashes integers to a seed (MurmurHash3's fmix32); never 0, which TensorFlow.js treats as no seed. */
export function mixSeed(...parts: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    hash = Math.imul(hash ^ part ^ ((hash ^ part) >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0 || 1
}

/** The order of the samples in an epoch: the indices 0 to count - 1, shuffled (Fisher-Yates). */
export function shuffledIndices(count: number, seed: number, epoch: number): Int32Array {
  const indices = Int32Array.from({ length: count }, (_, index) => index)
  const random = createRandom(mixSeed(seed, epoch))
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    ;[indices[last], indices[chosen]] = [indices[chosen]!, indices[last]!]
  }
  return indices
}

/** The indices 0 to count - 1 in order. */
export function sequentialIndices(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}
