/*
 * The transforms of Winograd's algorithm along one dimension, for four channels at a time. Numbers are read and written at
 * addresses `step` bytes apart.
 *
 * They are the matrices of Toom and Cook for the points 0, 3/4, -3/4, infinity, 3/2 and -3/2, in this order: a long tile of
 * four outputs takes all six points, a short one of two outputs the first four. With the points 0, 1, -1, 2, -2 and infinity
 * of Lavin and Gray, rounding errors are two to four times larger. Points of opposite signs share their even and odd parts.
 * The factors of a point are in the transform of the filter, which is the same for long and short tiles.
 */

/** The points, and their powers. */
const A: f32 = 0.75
const A2: f32 = 0.5625
const A3: f32 = 0.421875
const B: f32 = 1.5
const B2: f32 = 2.25
const B3: f32 = 3.375

/** Each point's factor of the filter: one divided by the product of its differences from the other points. */
const FACTOR_0: f32 = <f32>(1.0 / (0.5625 * 2.25))
const FACTOR_A: f32 = <f32>(1.0 / (2.0 * 0.5625 * (0.5625 - 2.25)))
const FACTOR_B: f32 = <f32>(1.0 / (2.0 * 2.25 * (2.25 - 0.5625)))

/** Transforms the input of a tile: 6 numbers to 6, or 4 to 4. */
// @ts-ignore: decorator
@inline
export function inputLine(long: bool, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from), d1 = v128.load(from + fromStep)
  const d2 = v128.load(from + fromStep * 2), d3 = v128.load(from + fromStep * 3)
  if (!long) {
    const even = scaled(d2, A2 - B2), odd = scaled(d1, A * (A2 - B2))
    v128.store(to, f32x4.sub(scaled(d0, A2 * B2), scaled(d2, B2)))
    v128.store(to + toStep, f32x4.add(even, odd))
    v128.store(to + toStep * 2, f32x4.sub(even, odd))
    v128.store(to + toStep * 3, f32x4.sub(d3, scaled(d1, A2)))
    return
  }
  const d4 = v128.load(from + fromStep * 4), d5 = v128.load(from + fromStep * 5)
  const evenA = f32x4.sub(d4, scaled(d2, B2)), oddA = scaled(f32x4.sub(d3, scaled(d1, B2)), A)
  const evenB = f32x4.sub(d4, scaled(d2, A2)), oddB = scaled(f32x4.sub(d3, scaled(d1, A2)), B)
  v128.store(to, f32x4.add(f32x4.sub(scaled(d0, A2 * B2), scaled(d2, A2 + B2)), d4))
  v128.store(to + toStep, f32x4.add(evenA, oddA))
  v128.store(to + toStep * 2, f32x4.sub(evenA, oddA))
  v128.store(to + toStep * 3, f32x4.add(f32x4.sub(scaled(d1, A2 * B2), scaled(d3, A2 + B2)), d5))
  v128.store(to + toStep * 4, f32x4.add(evenB, oddB))
  v128.store(to + toStep * 5, f32x4.sub(evenB, oddB))
}

/** Transforms 3 numbers of the filter to 6, or to the 4 of short tiles. */
// @ts-ignore: decorator
@inline
export function filterLine(long: bool, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + fromStep), g2 = v128.load(from + fromStep * 2)
  const evenA = scaled(f32x4.add(g0, scaled(g2, A2)), FACTOR_A), oddA = scaled(g1, A * FACTOR_A)
  v128.store(to, scaled(g0, FACTOR_0))
  v128.store(to + toStep, f32x4.add(evenA, oddA))
  v128.store(to + toStep * 2, f32x4.sub(evenA, oddA))
  v128.store(to + toStep * 3, g2)
  if (!long) return
  const evenB = scaled(f32x4.add(g0, scaled(g2, B2)), FACTOR_B), oddB = scaled(g1, B * FACTOR_B)
  v128.store(to + toStep * 4, f32x4.add(evenB, oddB))
  v128.store(to + toStep * 5, f32x4.sub(evenB, oddB))
}

/** Transforms the sums of products back to a tile's outputs: 6 numbers to 4, or 4 to 2. */
// @ts-ignore: decorator
@inline
export function outputLine(long: bool, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const m0 = v128.load(from), m1 = v128.load(from + fromStep)
  const m2 = v128.load(from + fromStep * 2), m3 = v128.load(from + fromStep * 3)
  const evenA = f32x4.add(m1, m2), oddA = f32x4.sub(m1, m2)
  if (!long) {
    v128.store(to, f32x4.add(m0, evenA))
    v128.store(to + toStep, f32x4.add(scaled(oddA, A), m3))
    return
  }
  const m4 = v128.load(from + fromStep * 4), m5 = v128.load(from + fromStep * 5)
  const evenB = f32x4.add(m4, m5), oddB = f32x4.sub(m4, m5)
  v128.store(to, f32x4.add(m0, f32x4.add(evenA, evenB)))
  v128.store(to + toStep, f32x4.add(scaled(oddA, A), scaled(oddB, B)))
  v128.store(to + toStep * 2, f32x4.add(scaled(evenA, A2), scaled(evenB, B2)))
  v128.store(to + toStep * 3, f32x4.add(f32x4.add(scaled(oddA, A3), scaled(oddB, B3)), m3))
}

/** outputLine for the last dimension: writes max(output + offset, least) of the first `count` outputs. */
// @ts-ignore: decorator
@inline
export function finalLine(
  long: bool, from: usize, to: usize, toStep: usize, count: i32, offset: v128, least: v128,
): void {
  const m0 = v128.load(from), m1 = v128.load(from, 16), m2 = v128.load(from, 32), m3 = v128.load(from, 48)
  const evenA = f32x4.add(m1, m2), oddA = f32x4.sub(m1, m2)
  if (!long) {
    storeFinal(to, f32x4.add(m0, evenA), offset, least)
    if (count > 1) storeFinal(to + toStep, f32x4.add(scaled(oddA, A), m3), offset, least)
    return
  }
  const m4 = v128.load(from, 64), m5 = v128.load(from, 80)
  const evenB = f32x4.add(m4, m5), oddB = f32x4.sub(m4, m5)
  storeFinal(to, f32x4.add(m0, f32x4.add(evenA, evenB)), offset, least)
  storeFinal(to + toStep, f32x4.add(scaled(oddA, A), scaled(oddB, B)), offset, least)
  storeFinal(to + toStep * 2, f32x4.add(scaled(evenA, A2), scaled(evenB, B2)), offset, least)
  if (count < 4) return
  storeFinal(to + toStep * 3, f32x4.add(f32x4.add(scaled(oddA, A3), scaled(oddB, B3)), m3), offset, least)
}

// @ts-ignore: decorator
@inline
function storeFinal(to: usize, output: v128, offset: v128, least: v128): void {
  // Unlike max, pmax is a single instruction on x86-64; NaN stays NaN.
  v128.store(to, f32x4.pmax(f32x4.add(output, offset), least))
}

/**
 * Transforms the output gradients of a tile: 4 numbers to 6, or 2 to 4. Those from `count` on are outside the output: they
 * are 0, and their memory is not read.
 */
// @ts-ignore: decorator
@inline
export function gradientLine(long: bool, from: usize, fromStep: usize, count: i32, to: usize, toStep: usize): void {
  const zero = f32x4.splat(0)
  const d0 = v128.load(from)
  const d1 = count > 1 ? v128.load(from + fromStep) : zero
  v128.store(to, d0)
  if (!long) {
    const odd = scaled(d1, A)
    v128.store(to + toStep, f32x4.add(d0, odd))
    v128.store(to + toStep * 2, f32x4.sub(d0, odd))
    v128.store(to + toStep * 3, d1)
    return
  }
  const d2 = count > 2 ? v128.load(from + fromStep * 2) : zero
  const d3 = count > 3 ? v128.load(from + fromStep * 3) : zero
  const evenA = f32x4.add(d0, scaled(d2, A2)), oddA = f32x4.add(scaled(d1, A), scaled(d3, A3))
  const evenB = f32x4.add(d0, scaled(d2, B2)), oddB = f32x4.add(scaled(d1, B), scaled(d3, B3))
  v128.store(to + toStep, f32x4.add(evenA, oddA))
  v128.store(to + toStep * 2, f32x4.sub(evenA, oddA))
  v128.store(to + toStep * 3, d3)
  v128.store(to + toStep * 4, f32x4.add(evenB, oddB))
  v128.store(to + toStep * 5, f32x4.sub(evenB, oddB))
}

/** Transforms 6 sums of products, or 4 if there are only short tiles, back to 3 gradients of the filter. */
// @ts-ignore: decorator
@inline
export function filterGradientLine(long: bool, from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const m0 = v128.load(from), m1 = v128.load(from + fromStep)
  const m2 = v128.load(from + fromStep * 2), m3 = v128.load(from + fromStep * 3)
  let even = scaled(f32x4.add(m1, m2), FACTOR_A), odd = scaled(f32x4.sub(m1, m2), A * FACTOR_A)
  let last = scaled(even, A2)
  if (long) {
    const m4 = v128.load(from + fromStep * 4), m5 = v128.load(from + fromStep * 5)
    const evenB = scaled(f32x4.add(m4, m5), FACTOR_B)
    even = f32x4.add(even, evenB)
    odd = f32x4.add(odd, scaled(f32x4.sub(m4, m5), B * FACTOR_B))
    last = f32x4.add(last, scaled(evenB, B2))
  }
  v128.store(to, f32x4.add(scaled(m0, FACTOR_0), even))
  v128.store(to + toStep, odd)
  v128.store(to + toStep * 2, f32x4.add(last, m3))
}

// @ts-ignore: decorator
@inline
function scaled(lanes: v128, factor: f32): v128 {
  return f32x4.mul(lanes, f32x4.splat(factor))
}
