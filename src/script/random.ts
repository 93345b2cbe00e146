/**
 * A generator of uniform numbers in [0, 1) with 32 bits of state: mulberry32 by Tommy Ettinger, public domain
 * (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). Equal seeds give equal sequences on every
 * platform, which `Math.random` cannot.
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * Derives one seed from several integers, so that neighbouring inputs give unrelated seeds. Each part goes through the
 * finalizer of MurmurHash3 (https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp, fmix32).
 *
 * @returns An integer from 1 to 2^32 - 1: never 0, which tfjs takes for "no seed" in places.
 */
export function mixSeed(...parts: readonly number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    hash = (hash ^ part) >>> 0
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    hash ^= hash >>> 16
  }
  return hash >>> 0 || 1
}

/**
 * The order in which an epoch visits its samples: the numbers 0 to count - 1, shuffled (Fisher-Yates). Every epoch of a
 * run has its own order.
 */
export function shuffledIndices(count: number, seed: number, epoch: number): Int32Array {
  const indices = sequentialIndices(count)
  const random = createRandom(mixSeed(seed, epoch))
  for (let last = count - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1))
    const moved = indices[last]!
    indices[last] = indices[chosen]!
    indices[chosen] = moved
  }
  return indices
}

/** The numbers 0 to count - 1 in order. */
export function sequentialIndices(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, index) => index)
}
