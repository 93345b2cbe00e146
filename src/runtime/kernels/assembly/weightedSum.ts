/** out = a * factorOfA + b * factorOfB, for arrays of `size` elements. `out` may be one of them. */
export function weightedSum(a: usize, factorOfA: f32, b: usize, factorOfB: f32, out: usize, size: i32): void {
  const factorsOfA = f32x4.splat(factorOfA), factorsOfB = f32x4.splat(factorOfB)
  const bytes = <usize>size * 4
  let i: usize = 0
  for (; i + 16 <= bytes; i += 16) {
    const left = f32x4.mul(v128.load(a + i), factorsOfA), right = f32x4.mul(v128.load(b + i), factorsOfB)
    v128.store(out + i, f32x4.add(left, right))
  }
  for (; i < bytes; i += 4) f32.store(out + i, f32.load(a + i) * factorOfA + f32.load(b + i) * factorOfB)
}
