/*
 * The matrix products of Winograd's algorithm. They compute two rows and sixteen columns at once. On processors that need a
 * floating-point unit to repeat a number in all lanes, such as Zen 4, this is faster than the four rows and eight columns of
 * multiplyRows, which repeats twice as many numbers.
 *
 * Loops take four turns at once, because engines check for interrupts in each. A turn may be the last one: these branches also
 * keep V8 from loading the numbers of several turns early, which takes more than the 16 registers of x86-64.
 */
import { multiplyAdd } from './lanes'

/**
 * out[row, column] = sum over k of rows[row, k] * panels[k, column]. If `count` is odd, one more row is read and written.
 *
 * @param panels [columns / 16, depth, 16]
 */
export function multiplyTiles(rows: usize, panels: usize, out: usize, count: i32, depth: i32, columns: i32): void {
  const panelBytes = <usize>depth * 64
  const rowBytes = <usize>depth * 4
  const outBytes = <usize>columns * 4
  for (let column = 0; column < columns; column += 16) {
    let target = out + column * 4
    let row = rows
    for (let i = 0; i < count; i += 2) {
      let a0 = f32x4.splat(0)
      let a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0
      let at0 = row, at1 = row + rowBytes
      let w0: v128, w1: v128, w2: v128, w3: v128, x: v128
      let panel = panels
      for (let rest = depth; rest > 0; rest -= 4) {
        w0 = v128.load(panel, 0), w1 = v128.load(panel, 16), w2 = v128.load(panel, 32), w3 = v128.load(panel, 48)
        x = v128.load_splat<f32>(at0, 0)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(at1, 0)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        if (rest == 1) break
        w0 = v128.load(panel, 64), w1 = v128.load(panel, 80), w2 = v128.load(panel, 96), w3 = v128.load(panel, 112)
        x = v128.load_splat<f32>(at0, 4)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(at1, 4)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        if (rest == 2) break
        w0 = v128.load(panel, 128), w1 = v128.load(panel, 144), w2 = v128.load(panel, 160), w3 = v128.load(panel, 176)
        x = v128.load_splat<f32>(at0, 8)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(at1, 8)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        if (rest == 3) break
        w0 = v128.load(panel, 192), w1 = v128.load(panel, 208), w2 = v128.load(panel, 224), w3 = v128.load(panel, 240)
        x = v128.load_splat<f32>(at0, 12)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(at1, 12)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        panel += 256
        at0 += 16
        at1 += 16
      }
      storeSixteen(target, a0, a1, a2, a3)
      storeSixteen(target + outBytes, b0, b1, b2, b3)
      target += outBytes * 2
      row += rowBytes * 2
    }
    panels += panelBytes
  }
}

/**
 * sums[k, column] += sum over row of left[row, k] * right[row, column], for an even `depth`, and `columns` that are a multiple
 * of 16.
 */
export function multiplyTransposedTiles(
  left: usize, right: usize, sums: usize, count: i32, depth: i32, columns: i32,
): void {
  const rightBytes = <usize>columns * 4
  const leftBytes = <usize>depth * 4
  for (let column: usize = 0; column < rightBytes; column += 64) {
    let target = sums + column
    for (let k: usize = 0; k < leftBytes; k += 8) {
      const next = target + rightBytes
      let a0 = v128.load(target), a1 = v128.load(target, 16), a2 = v128.load(target, 32), a3 = v128.load(target, 48)
      let b0 = v128.load(next), b1 = v128.load(next, 16), b2 = v128.load(next, 32), b3 = v128.load(next, 48)
      let at = right + column
      let from = left + k
      let w0: v128, w1: v128, w2: v128, w3: v128, x: v128
      for (let rest = count; rest > 0; rest -= 4) {
        w0 = v128.load(at), w1 = v128.load(at, 16), w2 = v128.load(at, 32), w3 = v128.load(at, 48)
        x = v128.load_splat<f32>(from)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(from, 4)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        from += leftBytes
        at += rightBytes
        if (rest == 1) break
        w0 = v128.load(at), w1 = v128.load(at, 16), w2 = v128.load(at, 32), w3 = v128.load(at, 48)
        x = v128.load_splat<f32>(from)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(from, 4)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        from += leftBytes
        at += rightBytes
        if (rest == 2) break
        w0 = v128.load(at), w1 = v128.load(at, 16), w2 = v128.load(at, 32), w3 = v128.load(at, 48)
        x = v128.load_splat<f32>(from)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(from, 4)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        from += leftBytes
        at += rightBytes
        if (rest == 3) break
        w0 = v128.load(at), w1 = v128.load(at, 16), w2 = v128.load(at, 32), w3 = v128.load(at, 48)
        x = v128.load_splat<f32>(from)
        a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
        x = v128.load_splat<f32>(from, 4)
        b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
        from += leftBytes
        at += rightBytes
      }
      storeSixteen(target, a0, a1, a2, a3)
      storeSixteen(next, b0, b1, b2, b3)
      target += rightBytes * 2
    }
  }
}

// @ts-ignore: decorator
@inline
function storeSixteen(to: usize, v0: v128, v1: v128, v2: v128, v3: v128): void {
  v128.store(to, v0), v128.store(to, v1, 16), v128.store(to, v2, 32), v128.store(to, v3, 48)
}
