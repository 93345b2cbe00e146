/** Numbers of 32 bits as short decimals. Frameworks write the digits of the 64 bits that such a number does not have. */

/** Returns the shortest decimal that is the same in 32 bits: 0.1 for 0.10000000149011612. */
export function shortestFloat(value: number): number {
  for (let digits = 1; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === Math.fround(value)) return short
  }
  return value
}

/** Does so with fractions that 32 bits represent, and returns all other numbers as they are. */
export function tidyNumber(value: number): number {
  return Number.isInteger(value) || Math.fround(value) !== value ? value : shortestFloat(value)
}
