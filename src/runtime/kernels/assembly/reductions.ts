/** Sums of the columns of a matrix, and of its rows by segment. */

/** The rows that are summed separately before they are added to the total, which limits the rounding error. */
export const BLOCK = 128

/** out[column] = factor * sum over row of matrix[row, column], for a matrix [rows, columns]. */
export function columnSums(matrix: usize, out: usize, rows: i32, columns: i32, factor: f32): void {
  const rowBytes = <usize>columns * 4
  let column = 0
  for (; column + 16 <= columns; column += 16) {
    sixteenColumns(matrix + column * 4, out + column * 4, rows, rowBytes, f32x4.splat(factor))
  }
  for (; column + 4 <= columns; column += 4) {
    let total = f32x4.splat(0)
    let at = matrix + column * 4
    for (let row = 0; row < rows; row += BLOCK) {
      const end = at + min(BLOCK, rows - row) * rowBytes
      let sum = f32x4.splat(0)
      for (; at < end; at += rowBytes) sum = f32x4.add(sum, v128.load(at))
      total = f32x4.add(total, sum)
    }
    v128.store(out + column * 4, f32x4.mul(total, f32x4.splat(factor)))
  }
  for (; column < columns; column++) {
    let total: f32 = 0
    let at = matrix + column * 4
    for (let row = 0; row < rows; row += BLOCK) {
      const end = at + min(BLOCK, rows - row) * rowBytes
      let sum: f32 = 0
      for (; at < end; at += rowBytes) sum += f32.load(at)
      total += sum
    }
    f32.store(out + column * 4, total * factor)
  }
}

/** The sums of sixteen columns, in four independent vectors. */
function sixteenColumns(at: usize, out: usize, rows: i32, rowBytes: usize, factor: v128): void {
  const zero = f32x4.splat(0)
  let total0 = zero, total1 = zero, total2 = zero, total3 = zero
  for (let row = 0; row < rows; row += BLOCK) {
    const end = at + min(BLOCK, rows - row) * rowBytes
    let sum0 = zero, sum1 = zero, sum2 = zero, sum3 = zero
    for (; at < end; at += rowBytes) {
      sum0 = f32x4.add(sum0, v128.load(at, 0))
      sum1 = f32x4.add(sum1, v128.load(at, 16))
      sum2 = f32x4.add(sum2, v128.load(at, 32))
      sum3 = f32x4.add(sum3, v128.load(at, 48))
    }
    total0 = f32x4.add(total0, sum0)
    total1 = f32x4.add(total1, sum1)
    total2 = f32x4.add(total2, sum2)
    total3 = f32x4.add(total3, sum3)
  }
  v128.store(out, f32x4.mul(total0, factor), 0)
  v128.store(out, f32x4.mul(total1, factor), 16)
  v128.store(out, f32x4.mul(total2, factor), 32)
  v128.store(out, f32x4.mul(total3, factor), 48)
}

/**
 * out[segment, column] = the sum of the rows of a matrix [rows, columns] whose id (in `ids`, int32 [rows]) is that
 * segment. Rows with an id below 0 or of at least `segments` are skipped.
 */
export function segmentSums(matrix: usize, ids: usize, out: usize, rows: i32, columns: i32, segments: i32): void {
  const rowBytes = <usize>columns * 4
  memory.fill(out, 0, <usize>segments * rowBytes)
  for (let row = 0; row < rows; row++) {
    const segment = i32.load(ids + row * 4)
    if (segment >= 0 && segment < segments) {
      const target = out + segment * rowBytes
      let c: usize = 0
      for (; c + 16 <= rowBytes; c += 16) {
        v128.store(target + c, f32x4.add(v128.load(target + c), v128.load(matrix + c)))
      }
      for (; c < rowBytes; c += 4) f32.store(target + c, f32.load(target + c) + f32.load(matrix + c))
    }
    matrix += rowBytes
  }
}
