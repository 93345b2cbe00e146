/**
 * Batch normalization of the columns of a matrix [rows, columns]. Columns are handled in slices of sixteen, and the rest in
 * slices of up to four, so that the sums and coefficients of a slice stay in registers.
 */
import { loadLow, multiplyAdd, storeLow } from './lanes'
import { BLOCK } from './reductions'

/** Writes the mean [columns] and the biased variance [columns] of the columns of x. */
export function columnMoments(x: usize, mean: usize, variance: usize, rows: i32, columns: i32): void {
  let column = 0
  for (; column + 16 <= columns; column += 16) {
    const c = <usize>column * 4
    sliceMoments(4, x + c, mean + c, variance + c, rows, columns, 4)
  }
  for (; column < columns; column += 4) {
    const c = <usize>column * 4
    sliceMoments(1, x + c, mean + c, variance + c, rows, columns, columns - column)
  }
}

/**
 * columnMoments for a slice of `vectors` (4 or 1, a constant) vectors; the last has `count` columns. Distances from the
 * mean of the first block are summed, so their squares do not cancel, however large the mean is.
 */
// @ts-ignore: decorator
@inline
function sliceMoments(vectors: i32, x: usize, mean: usize, variance: usize, rows: i32, columns: i32, count: i32): void {
  storeLow(mean, loadLow(x, count), count)
  if (vectors > 1) v128.store(mean, v128.load(x, 16), 16), v128.store(mean, v128.load(x, 32), 32), v128.store(mean, v128.load(x, 48), 48)
  sumDistances(vectors, x, mean, variance, min(rows, BLOCK), columns, count)
  sumDistances(vectors, x, mean, variance, rows, columns, count)
}

/** Corrects the mean and computes the variance of a slice by the distances from `mean`, an estimate. */
// @ts-ignore: decorator
@inline
function sumDistances(vectors: i32, x: usize, mean: usize, variance: usize, rows: i32, columns: i32, count: i32): void {
  const rowBytes = <usize>columns * 4
  const zero = f32x4.splat(0)
  const mean0 = loadLow(mean, count)
  let mean1 = zero, mean2 = zero, mean3 = zero
  if (vectors > 1) mean1 = v128.load(mean, 16), mean2 = v128.load(mean, 32), mean3 = v128.load(mean, 48)
  let sums0 = zero, sums1 = zero, sums2 = zero, sums3 = zero
  let squares0 = zero, squares1 = zero, squares2 = zero, squares3 = zero
  let d: v128
  for (let row = 0; row < rows; row += BLOCK) {
    const done = min(row + BLOCK, rows)
    let sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero
    let square0 = zero, square1 = zero, square2 = zero, square3 = zero
    for (let i = row; i < done; i++, x += rowBytes) {
      d = f32x4.sub(loadLow(x, count), mean0), sum0 = f32x4.add(sum0, d), square0 = multiplyAdd(square0, d, d)
      if (vectors > 1) {
        d = f32x4.sub(v128.load(x, 16), mean1), sum1 = f32x4.add(sum1, d), square1 = multiplyAdd(square1, d, d)
        d = f32x4.sub(v128.load(x, 32), mean2), sum2 = f32x4.add(sum2, d), square2 = multiplyAdd(square2, d, d)
        d = f32x4.sub(v128.load(x, 48), mean3), sum3 = f32x4.add(sum3, d), square3 = multiplyAdd(square3, d, d)
      }
    }
    sums0 = f32x4.add(sums0, sum0), squares0 = f32x4.add(squares0, square0)
    if (vectors > 1) {
      sums1 = f32x4.add(sums1, sum1), squares1 = f32x4.add(squares1, square1)
      sums2 = f32x4.add(sums2, sum2), squares2 = f32x4.add(squares2, square2)
      sums3 = f32x4.add(sums3, sum3), squares3 = f32x4.add(squares3, square3)
    }
  }
  const share = f32x4.splat(1 / <f32>rows)
  d = f32x4.mul(sums0, share), storeLow(mean, f32x4.add(mean0, d), count), storeLow(variance, varianceOf(squares0, d, share), count)
  if (vectors > 1) {
    d = f32x4.mul(sums1, share), v128.store(mean, f32x4.add(mean1, d), 16), v128.store(variance, varianceOf(squares1, d, share), 16)
    d = f32x4.mul(sums2, share), v128.store(mean, f32x4.add(mean2, d), 32), v128.store(variance, varianceOf(squares2, d, share), 32)
    d = f32x4.mul(sums3, share), v128.store(mean, f32x4.add(mean3, d), 48), v128.store(variance, varianceOf(squares3, d, share), 48)
  }
}

/** The variance by the sum of squared distances from a value at distance `d` from the mean; at least 0. */
// @ts-ignore: decorator
@inline
function varianceOf(squares: v128, d: v128, share: v128): v128 {
  return f32x4.max(f32x4.sub(f32x4.mul(squares, share), f32x4.mul(d, d)), f32x4.splat(0))
}

/** out = 1 / sqrt(variance + epsilon), for arrays of `size` elements. */
export function inverseDeviations(variance: usize, out: usize, size: i32, epsilon: f32): void {
  for (let i = 0; i < size; i++, variance += 4, out += 4) {
    f32.store(out, 1 / sqrt<f32>(f32.load(variance) + epsilon))
  }
}

/**
 * out = max((x - mean) * inverse * gamma + beta, least), by column. NaN stays NaN.
 *
 * @param inverse the inverse deviations [columns]
 * @param gamma [columns], or 0 for a factor of 1
 * @param beta [columns], or 0 for an offset of 0
 */
export function normalizeColumns(
  x: usize, mean: usize, inverse: usize, gamma: usize, beta: usize, out: usize, rows: i32, columns: i32, least: f32,
): void {
  let column = 0
  for (; column + 16 <= columns; column += 16) {
    const c = <usize>column * 4
    normalizeSlice(4, x + c, mean + c, inverse + c, gamma ? gamma + c : 0, beta ? beta + c : 0, out + c, rows, columns, least, 4)
  }
  for (; column < columns; column += 4) {
    const c = <usize>column * 4
    normalizeSlice(1, x + c, mean + c, inverse + c, gamma ? gamma + c : 0, beta ? beta + c : 0, out + c, rows, columns, least, columns - column)
  }
}

/** normalizeColumns for a slice of `vectors` (4 or 1, a constant) vectors; the last has `count` columns. */
// @ts-ignore: decorator
@inline
function normalizeSlice(
  vectors: i32, x: usize, mean: usize, inverse: usize, gamma: usize, beta: usize, out: usize,
  rows: i32, columns: i32, least: f32, count: i32,
): void {
  const rowBytes = <usize>columns * 4
  const floor = f32x4.splat(least)
  const zero = f32x4.splat(0)
  const mean0 = loadLow(mean, count)
  const scale0 = scaleOf(inverse, gamma, count)
  const offset0 = beta ? loadLow(beta, count) : zero
  let mean1 = zero, mean2 = zero, mean3 = zero
  let scale1 = zero, scale2 = zero, scale3 = zero
  let offset1 = zero, offset2 = zero, offset3 = zero
  if (vectors > 1) {
    mean1 = v128.load(mean, 16), mean2 = v128.load(mean, 32), mean3 = v128.load(mean, 48)
    scale1 = scaleOf(inverse + 16, gamma ? gamma + 16 : 0, 4)
    scale2 = scaleOf(inverse + 32, gamma ? gamma + 32 : 0, 4)
    scale3 = scaleOf(inverse + 48, gamma ? gamma + 48 : 0, 4)
    if (beta) offset1 = v128.load(beta, 16), offset2 = v128.load(beta, 32), offset3 = v128.load(beta, 48)
  }
  for (let row = 0; row < rows; row++) {
    storeLow(out, f32x4.max(multiplyAdd(offset0, f32x4.sub(loadLow(x, count), mean0), scale0), floor), count)
    if (vectors > 1) {
      v128.store(out, f32x4.max(multiplyAdd(offset1, f32x4.sub(v128.load(x, 16), mean1), scale1), floor), 16)
      v128.store(out, f32x4.max(multiplyAdd(offset2, f32x4.sub(v128.load(x, 32), mean2), scale2), floor), 32)
      v128.store(out, f32x4.max(multiplyAdd(offset3, f32x4.sub(v128.load(x, 48), mean3), scale3), floor), 48)
    }
    x += rowBytes
    out += rowBytes
  }
}

/** inverse * gamma of `count` columns, at most four. */
// @ts-ignore: decorator
@inline
export function scaleOf(inverse: usize, gamma: usize, count: i32): v128 {
  return gamma ? f32x4.mul(loadLow(gamma, count), loadLow(inverse, count)) : loadLow(inverse, count)
}
