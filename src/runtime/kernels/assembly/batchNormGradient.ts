/** The gradients of batch normalization, in the slices of columns of batchNorm.ts. */
import { scaleOf } from './batchNorm'
import { loadLow, multiplyAdd, storeLow } from './lanes'
import { BLOCK } from './reductions'

/**
 * The gradients of batch normalization by the mean and variance of the batch:
 *
 *   dbeta = sum of dy, dgamma = sum of dy * (x - mean) * inverse,
 *   dx = gamma * inverse * (dy - dbeta / rows - (x - mean) * inverse * dgamma / rows)
 *
 * (Ioffe and Szegedy, 2015, section 3), with the inverse deviations [columns].
 *
 * @param y the output of a relu that follows the normalization: dy counts as 0 where y is 0; or 0 for none
 */
export function batchNormGradient(
  x: usize, dy: usize, y: usize, mean: usize, inverse: usize, gamma: usize, dx: usize, dgamma: usize, dbeta: usize,
  rows: i32, columns: i32,
): void {
  let column = 0
  for (; column + 16 <= columns; column += 16) {
    const c = <usize>column * 4
    sliceGradientSums(4, x + c, dy + c, y ? y + c : 0, mean + c, inverse + c, dgamma + c, dbeta + c, rows, columns, 4)
    sliceInputGradient(4, x + c, dy + c, y ? y + c : 0, mean + c, inverse + c, gamma + c, dgamma + c, dbeta + c, dx + c, rows, columns, 4)
  }
  for (; column < columns; column += 4) {
    const c = <usize>column * 4
    const count = columns - column
    sliceGradientSums(1, x + c, dy + c, y ? y + c : 0, mean + c, inverse + c, dgamma + c, dbeta + c, rows, columns, count)
    sliceInputGradient(1, x + c, dy + c, y ? y + c : 0, mean + c, inverse + c, gamma + c, dgamma + c, dbeta + c, dx + c, rows, columns, count)
  }
}

/** dgamma and dbeta of a slice of `vectors` (4 or 1, a constant) vectors; the last has `count` columns. */
// @ts-ignore: decorator
@inline
function sliceGradientSums(
  vectors: i32, x: usize, dy: usize, y: usize, mean: usize, inverse: usize, dgamma: usize, dbeta: usize,
  rows: i32, columns: i32, count: i32,
): void {
  const rowBytes = <usize>columns * 4
  const zero = f32x4.splat(0)
  const mean0 = loadLow(mean, count)
  let mean1 = zero, mean2 = zero, mean3 = zero
  if (vectors > 1) mean1 = v128.load(mean, 16), mean2 = v128.load(mean, 32), mean3 = v128.load(mean, 48)
  let sums0 = zero, sums1 = zero, sums2 = zero, sums3 = zero
  let products0 = zero, products1 = zero, products2 = zero, products3 = zero
  let d: v128
  for (let row = 0; row < rows; row += BLOCK) {
    const done = min(row + BLOCK, rows)
    let sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero
    let product0 = zero, product1 = zero, product2 = zero, product3 = zero
    for (let i = row; i < done; i++, x += rowBytes, dy += rowBytes) {
      d = loadLow(dy, count)
      if (y) d = whereActive(d, loadLow(y, count))
      sum0 = f32x4.add(sum0, d), product0 = multiplyAdd(product0, d, f32x4.sub(loadLow(x, count), mean0))
      if (vectors > 1) {
        d = v128.load(dy, 16)
        if (y) d = whereActive(d, v128.load(y, 16))
        sum1 = f32x4.add(sum1, d), product1 = multiplyAdd(product1, d, f32x4.sub(v128.load(x, 16), mean1))
        d = v128.load(dy, 32)
        if (y) d = whereActive(d, v128.load(y, 32))
        sum2 = f32x4.add(sum2, d), product2 = multiplyAdd(product2, d, f32x4.sub(v128.load(x, 32), mean2))
        d = v128.load(dy, 48)
        if (y) d = whereActive(d, v128.load(y, 48))
        sum3 = f32x4.add(sum3, d), product3 = multiplyAdd(product3, d, f32x4.sub(v128.load(x, 48), mean3))
      }
      if (y) y += rowBytes
    }
    sums0 = f32x4.add(sums0, sum0), products0 = f32x4.add(products0, product0)
    if (vectors > 1) {
      sums1 = f32x4.add(sums1, sum1), products1 = f32x4.add(products1, product1)
      sums2 = f32x4.add(sums2, sum2), products2 = f32x4.add(products2, product2)
      sums3 = f32x4.add(sums3, sum3), products3 = f32x4.add(products3, product3)
    }
  }
  storeLow(dbeta, sums0, count)
  storeLow(dgamma, f32x4.mul(products0, loadLow(inverse, count)), count)
  if (vectors > 1) {
    v128.store(dbeta, sums1, 16), v128.store(dbeta, sums2, 32), v128.store(dbeta, sums3, 48)
    v128.store(dgamma, f32x4.mul(products1, v128.load(inverse, 16)), 16)
    v128.store(dgamma, f32x4.mul(products2, v128.load(inverse, 32)), 32)
    v128.store(dgamma, f32x4.mul(products3, v128.load(inverse, 48)), 48)
  }
}

/**
 * dx of a slice of `vectors` (4 or 1, a constant) vectors; the last has `count` columns. With coefficients by column, dx is
 * scale * dy + slope * (x - mean) + offset.
 */
// @ts-ignore: decorator
@inline
function sliceInputGradient(
  vectors: i32, x: usize, dy: usize, y: usize, mean: usize, inverse: usize, gamma: usize, dgamma: usize, dbeta: usize, dx: usize,
  rows: i32, columns: i32, count: i32,
): void {
  const rowBytes = <usize>columns * 4
  const zero = f32x4.splat(0)
  const share = f32x4.splat(-1 / <f32>rows)
  const mean0 = loadLow(mean, count)
  const scale0 = scaleOf(inverse, gamma, count)
  const slope0 = slopeOf(scale0, inverse, dgamma, share, count)
  const offset0 = f32x4.mul(scale0, f32x4.mul(loadLow(dbeta, count), share))
  let mean1 = zero, mean2 = zero, mean3 = zero
  let scale1 = zero, scale2 = zero, scale3 = zero
  let slope1 = zero, slope2 = zero, slope3 = zero
  let offset1 = zero, offset2 = zero, offset3 = zero
  if (vectors > 1) {
    mean1 = v128.load(mean, 16), mean2 = v128.load(mean, 32), mean3 = v128.load(mean, 48)
    scale1 = scaleOf(inverse + 16, gamma + 16, 4)
    scale2 = scaleOf(inverse + 32, gamma + 32, 4)
    scale3 = scaleOf(inverse + 48, gamma + 48, 4)
    slope1 = slopeOf(scale1, inverse + 16, dgamma + 16, share, 4)
    slope2 = slopeOf(scale2, inverse + 32, dgamma + 32, share, 4)
    slope3 = slopeOf(scale3, inverse + 48, dgamma + 48, share, 4)
    offset1 = f32x4.mul(scale1, f32x4.mul(v128.load(dbeta, 16), share))
    offset2 = f32x4.mul(scale2, f32x4.mul(v128.load(dbeta, 32), share))
    offset3 = f32x4.mul(scale3, f32x4.mul(v128.load(dbeta, 48), share))
  }
  let d: v128
  for (let row = 0; row < rows; row++) {
    d = loadLow(dy, count)
    if (y) d = whereActive(d, loadLow(y, count))
    storeLow(dx, multiplyAdd(multiplyAdd(offset0, slope0, f32x4.sub(loadLow(x, count), mean0)), scale0, d), count)
    if (vectors > 1) {
      d = v128.load(dy, 16)
      if (y) d = whereActive(d, v128.load(y, 16))
      v128.store(dx, multiplyAdd(multiplyAdd(offset1, slope1, f32x4.sub(v128.load(x, 16), mean1)), scale1, d), 16)
      d = v128.load(dy, 32)
      if (y) d = whereActive(d, v128.load(y, 32))
      v128.store(dx, multiplyAdd(multiplyAdd(offset2, slope2, f32x4.sub(v128.load(x, 32), mean2)), scale2, d), 32)
      d = v128.load(dy, 48)
      if (y) d = whereActive(d, v128.load(y, 48))
      v128.store(dx, multiplyAdd(multiplyAdd(offset3, slope3, f32x4.sub(v128.load(x, 48), mean3)), scale3, d), 48)
    }
    x += rowBytes
    dy += rowBytes
    dx += rowBytes
    if (y) y += rowBytes
  }
}

/** dy where the output y of a relu is positive or NaN, 0 elsewhere. */
// @ts-ignore: decorator
@inline
function whereActive(dy: v128, y: v128): v128 {
  return v128.andnot(dy, f32x4.le(y, f32x4.splat(0)))
}

/** The factor of x - mean in dx for `count` columns, at most four. `share` is -1 / rows. */
// @ts-ignore: decorator
@inline
function slopeOf(scale: v128, inverse: usize, dgamma: usize, share: v128, count: i32): v128 {
  return f32x4.mul(f32x4.mul(scale, loadLow(inverse, count)), f32x4.mul(loadLow(dgamma, count), share))
}
