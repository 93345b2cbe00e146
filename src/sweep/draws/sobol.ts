/**
 * Sobol sequences in up to 21 dimensions, with a digital shift. The direction numbers are those of S. Joe and F. Y. Kuo,
 * "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30 (2008), in their file
 * new-joe-kuo-6.21201; the order of points is the Gray code order of Antonov and Saleev.
 */

/** For each dimension after the first: the coefficients `a` of the primitive polynomial, and the initial numbers `m`. */
const directions: readonly { readonly a: number; readonly m: readonly number[] }[] = [
  { a: 0, m: [1] },
  { a: 1, m: [1, 3] },
  { a: 1, m: [1, 3, 1] },
  { a: 2, m: [1, 1, 1] },
  { a: 1, m: [1, 1, 3, 3] },
  { a: 4, m: [1, 3, 5, 13] },
  { a: 2, m: [1, 1, 5, 5, 17] },
  { a: 4, m: [1, 1, 5, 5, 5] },
  { a: 7, m: [1, 1, 7, 11, 19] },
  { a: 11, m: [1, 1, 5, 1, 1] },
  { a: 13, m: [1, 1, 1, 3, 11] },
  { a: 14, m: [1, 3, 5, 5, 31] },
  { a: 1, m: [1, 3, 3, 9, 7, 49] },
  { a: 13, m: [1, 1, 1, 15, 21, 21] },
  { a: 16, m: [1, 3, 1, 13, 27, 49] },
  { a: 19, m: [1, 1, 1, 15, 7, 5] },
  { a: 22, m: [1, 3, 1, 15, 13, 25] },
  { a: 25, m: [1, 1, 5, 5, 19, 61] },
  { a: 1, m: [1, 3, 7, 11, 23, 15, 103] },
  { a: 4, m: [1, 3, 7, 13, 13, 15, 69] },
]

/** The number of dimensions for which there are direction numbers. */
export const mostDimensions = directions.length + 1

const bits = 32

const known = new Map<number, readonly number[]>()

/** Returns coordinate `dimension` of point `index`, shifted by the 32 bits of `shift`: a number of [0, 1). */
export function sobolCoordinate(index: number, dimension: number, shift: number): number {
  const vectors = known.get(dimension) ?? directionVectors(dimension)
  known.set(dimension, vectors)
  const gray = index ^ (index >>> 1)
  let point = shift
  for (let bit = 0; bit < bits; bit += 1) if (((gray >>> bit) & 1) === 1) point ^= vectors[bit]!
  return (point >>> 0) / 2 ** bits
}

/** The 32 direction vectors of a dimension, counted from 0. The first dimension is the van der Corput sequence. */
function directionVectors(dimension: number): readonly number[] {
  if (dimension === 0) return Array.from({ length: bits }, (_, bit) => 1 << (bits - 1 - bit))
  const vectors: number[] = []
  const { a, m } = directions[dimension - 1]!
  const degree = m.length
  for (let bit = 0; bit < bits; bit += 1) {
    if (bit < degree) {
      vectors[bit] = m[bit]! << (bits - 1 - bit)
      continue
    }
    const first = vectors[bit - degree]!
    let vector = first ^ (first >>> degree)
    for (let term = 1; term < degree; term += 1) {
      if (((a >>> (degree - 1 - term)) & 1) === 1) vector ^= vectors[bit - term]!
    }
    vectors[bit] = vector
  }
  return vectors
}
