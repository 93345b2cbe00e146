/** out[row, column] = matrix[row, column] + addend[column], for a matrix [rows, columns]. */
export function addRow(matrix: usize, addend: usize, out: usize, rows: i32, columns: i32): void {
  const rowBytes = <usize>columns * 4
  for (let row = 0; row < rows; row++) {
    let c: usize = 0
    for (; c + 16 <= rowBytes; c += 16) {
      v128.store(out + c, f32x4.add(v128.load(matrix + c), v128.load(addend + c)))
    }
    for (; c < rowBytes; c += 4) f32.store(out + c, f32.load(matrix + c) + f32.load(addend + c))
    matrix += rowBytes
    out += rowBytes
  }
}

/** out = dy where x > 0 or x is NaN, elsewhere 0; the gradient of relu, for arrays of `size`. */
export function reluGradient(x: usize, dy: usize, out: usize, size: i32): void {
  const zero = f32x4.splat(0)
  const bytes = <usize>size * 4
  let i: usize = 0
  for (; i + 16 <= bytes; i += 16) {
    v128.store(out + i, v128.andnot(v128.load(dy + i), f32x4.le(v128.load(x + i), zero)))
  }
  for (; i < bytes; i += 4) f32.store(out + i, f32.load(x + i) <= 0 ? 0 : f32.load(dy + i))
}

/** Writes `size` floats `times` times, one after the other. */
export function tileBlock(from: usize, to: usize, size: i32, times: i32): void {
  const bytes = <usize>size * 4
  const total = bytes * times
  if (total == 0) return
  memory.copy(to, from, bytes)
  // Doubles what is there, so that even the shortest block takes only a few copies.
  for (let done = bytes; done < total; done *= 2) memory.copy(to + done, to, min(done, total - done))
}
