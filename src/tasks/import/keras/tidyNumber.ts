/**
 * The shortest decimal number that is the same in 32 bits: 0.0010000000474974513 → 0.001. Frameworks that compute in 32 bits
 * write the digits of the 64 that the number does not have.
 */
export function tidyNumber(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value) || Math.fround(value) !== value) return value
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
