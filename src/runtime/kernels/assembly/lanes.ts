/** Vector operations on eight neighbouring floats, the width of every matrix tile, as two vectors: `low` and `high`. */

/**
 * `sum + a * b` in each lane. In the relaxed build, it is one instruction, which rounds once or twice depending on the
 * processor.
 */
// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum)
  return f32x4.add(sum, f32x4.mul(a, b))
}

/** The first four of `count` floats at `address`; lanes from `count` on are 0, and their memory is not read. */
// @ts-ignore: decorator
@inline
export function loadLow(address: usize, count: i32): v128 {
  return count >= 4 ? v128.load(address) : loadPart(address, count)
}

/** The second four of `count` floats at `address`; lanes from `count` on are 0, and their memory is not read. */
// @ts-ignore: decorator
@inline
export function loadHigh(address: usize, count: i32): v128 {
  return count >= 8 ? v128.load(address, 16) : loadPart(address + 16, count - 4)
}

/** Writes the first `count` of four floats. */
// @ts-ignore: decorator
@inline
export function storeLow(address: usize, lanes: v128, count: i32): void {
  if (count >= 4) v128.store(address, lanes)
  else storePart(address, lanes, lanes, count)
}

/** Writes the first `count` of eight floats. */
// @ts-ignore: decorator
@inline
export function storeLanes(address: usize, low: v128, high: v128, count: i32): void {
  if (count >= 8) {
    v128.store(address, low)
    v128.store(address, high, 16)
  } else {
    storePart(address, low, high, count)
  }
}

/** Up to three floats; lanes from `count` on are 0. */
function loadPart(address: usize, count: i32): v128 {
  let lanes = f32x4.splat(0)
  if (count > 0) lanes = f32x4.replace_lane(lanes, 0, f32.load(address))
  if (count > 1) lanes = f32x4.replace_lane(lanes, 1, f32.load(address, 4))
  if (count > 2) lanes = f32x4.replace_lane(lanes, 2, f32.load(address, 8))
  if (count > 3) lanes = f32x4.replace_lane(lanes, 3, f32.load(address, 12))
  return lanes
}

/** Writes up to seven of eight floats. */
function storePart(address: usize, low: v128, high: v128, count: i32): void {
  let lanes = low
  if (count >= 4) {
    v128.store(address, low)
    address += 16
    count -= 4
    lanes = high
  }
  if (count > 0) f32.store(address, f32x4.extract_lane(lanes, 0))
  if (count > 1) f32.store(address, f32x4.extract_lane(lanes, 1), 4)
  if (count > 2) f32.store(address, f32x4.extract_lane(lanes, 2), 8)
}
