/** Elementwise operations on arrays and on the rows of a matrix. */

/** The operations of rowOperation. */
const ADD = 0
const SUBTRACT = 1
const MULTIPLY = 2
const MINIMUM = 3
const MAXIMUM = 4

/**
 * out[row, column] = matrix[row, column] op right[column], for a matrix [rows, columns] and an operation of 0 (add),
 * 1 (subtract), 2 (multiply), 3 (minimum) or 4 (maximum). NaN on either side stays NaN.
 */
export function rowOperation(operation: i32, matrix: usize, right: usize, out: usize, rows: i32, columns: i32): void {
  if (operation == ADD) eachRow(ADD, matrix, right, out, rows, columns)
  else if (operation == SUBTRACT) eachRow(SUBTRACT, matrix, right, out, rows, columns)
  else if (operation == MULTIPLY) eachRow(MULTIPLY, matrix, right, out, rows, columns)
  else if (operation == MINIMUM) eachRow(MINIMUM, matrix, right, out, rows, columns)
  else if (operation == MAXIMUM) eachRow(MAXIMUM, matrix, right, out, rows, columns)
}

/** rowOperation for a constant operation. */
// @ts-ignore: decorator
@inline
function eachRow(operation: i32, matrix: usize, right: usize, out: usize, rows: i32, columns: i32): void {
  const rowBytes = <usize>columns * 4
  for (let row = 0; row < rows; row++) {
    let c: usize = 0
    for (; c + 16 <= rowBytes; c += 16) {
      const a = v128.load(matrix + c)
      const b = v128.load(right + c)
      if (operation == ADD) v128.store(out + c, f32x4.add(a, b))
      else if (operation == SUBTRACT) v128.store(out + c, f32x4.sub(a, b))
      else if (operation == MULTIPLY) v128.store(out + c, f32x4.mul(a, b))
      else if (operation == MINIMUM) v128.store(out + c, f32x4.min(a, b))
      else v128.store(out + c, f32x4.max(a, b))
    }
    for (; c < rowBytes; c += 4) {
      const a = f32.load(matrix + c)
      const b = f32.load(right + c)
      if (operation == ADD) f32.store(out + c, a + b)
      else if (operation == SUBTRACT) f32.store(out + c, a - b)
      else if (operation == MULTIPLY) f32.store(out + c, a * b)
      else if (operation == MINIMUM) f32.store(out + c, min<f32>(a, b))
      else f32.store(out + c, max<f32>(a, b))
    }
    matrix += rowBytes
    out += rowBytes
  }
}

/** The gradient of relu: out = dy where x > 0 or x is NaN, 0 elsewhere. For arrays of `size` elements. */
export function reluGradient(x: usize, dy: usize, out: usize, size: i32): void {
  const zero = f32x4.splat(0)
  const bytes = <usize>size * 4
  let i: usize = 0
  for (; i + 16 <= bytes; i += 16) {
    v128.store(out + i, v128.andnot(v128.load(dy + i), f32x4.le(v128.load(x + i), zero)))
  }
  for (; i < bytes; i += 4) f32.store(out + i, f32.load(x + i) <= 0 ? 0 : f32.load(dy + i))
}

/** Clips x to the range from `least` to `most`; NaN stays NaN. For arrays of `size` elements. */
export function clampValues(x: usize, out: usize, size: i32, least: f32, most: f32): void {
  const leasts = f32x4.splat(least)
  const mosts = f32x4.splat(most)
  const bytes = <usize>size * 4
  let i: usize = 0
  for (; i + 16 <= bytes; i += 16) {
    v128.store(out + i, f32x4.min(f32x4.max(v128.load(x + i), leasts), mosts))
  }
  for (; i < bytes; i += 4) f32.store(out + i, min<f32>(max<f32>(f32.load(x + i), least), most))
}

/** Writes a block of `size` floats `times` times in a row. */
export function tileBlock(from: usize, to: usize, size: i32, times: i32): void {
  const bytes = <usize>size * 4
  const total = bytes * times
  if (total == 0) return
  memory.copy(to, from, bytes)
  // Each copy doubles the written part, so even the shortest block takes few copies.
  for (let done = bytes; done < total; done *= 2) memory.copy(to + done, to, min(done, total - done))
}
