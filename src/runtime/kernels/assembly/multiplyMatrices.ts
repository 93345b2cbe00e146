/**
 * The matrix product of dense layers and their gradients: two rows and sixteen columns at once, from copies of both matrices in
 * the order in which they are read.
 */
import { applyUpdate } from './applyUpdate'
import { loadLow, multiplyAdd, storeLanes } from './lanes'
import { packPairs, packSixteen } from './packing'

/** The most steps that are summed before the next, few enough that sixteen columns of them stay in the first-level cache. */
const STEPS = 256

/** The bytes of the panels that two rows are multiplied with before the next two: half of the first-level cache. */
const CACHED: usize = 16384

/**
 * The same for an update, which reads the weight in runs of as many columns: they are longer, so that the processor loads the next
 * values of the weight in time.
 */
const UPDATED: usize = 65536

/** The bytes of two rows of a gradient, for the panels of one step, which have most columns. */
const SUMS: usize = UPDATED * 2

/**
 * out[row, column] = activation(bias[column] + sum over k of left[row, k] * right[k, column])
 *
 * The sums are continued in `out` from one block of steps to the next, so they do not depend on the blocks.
 *
 * @param leftRow the distance between the rows of the left matrix in elements
 * @param leftStep that between its columns; swapping both transposes the matrix
 * @param rightStep the distance between the rows of the right matrix
 * @param rightColumn that between its columns
 * @param scratch memory of multiplyScratchSize bytes
 * @param bias [columns], or 0 for none
 * @param relu 1 to replace negative results by 0
 */
export function multiplyMatrices(
  left: usize, leftRow: i32, leftStep: i32, right: usize, rightStep: i32, rightColumn: i32,
  rows: i32, depth: i32, columns: i32, scratch: usize, bias: usize, relu: i32, out: usize,
): void {
  multiply(left, leftRow, leftStep, right, rightStep, rightColumn, rows, depth, columns, scratch, bias, relu, out, 0)
}

/**
 * Updates a weight [rows, columns] by the gradient that multiplyMatrices would compute, for a depth of up to 256: a few elements of
 * the gradient at a time, so that it never leaves the first-level cache.
 *
 * @param plan see applyUpdate
 */
export function multiplyAndUpdate(
  left: usize, leftRow: i32, leftStep: i32, right: usize, rightStep: i32, rightColumn: i32,
  rows: i32, depth: i32, columns: i32, scratch: usize, plan: usize,
): void {
  multiply(left, leftRow, leftStep, right, rightStep, rightColumn, rows, depth, columns, scratch, 0, 0, 0, plan)
}

/** multiplyMatrices, or multiplyAndUpdate with a plan. */
function multiply(
  left: usize, leftRow: i32, leftStep: i32, right: usize, rightStep: i32, rightColumn: i32,
  rows: i32, depth: i32, columns: i32, scratch: usize, bias: usize, relu: i32, out: usize, plan: usize,
): void {
  const rowBytes = <usize>columns * 4
  const sums = scratch + UPDATED
  const pairs = sums + SUMS
  for (let k = 0; k < depth; k += STEPS) {
    const steps = min(STEPS, depth - k)
    const isLast = k + steps == depth
    const pairBytes = <usize>steps * 8
    const panelBytes = <usize>steps * 64
    packPairs(left + <usize>k * leftStep * 4, pairs, rows, steps, leftRow, leftStep)
    const group = 16 * max(1, <i32>((plan ? UPDATED : CACHED) / panelBytes))
    const outBytes = plan ? <usize>group * 4 : rowBytes
    for (let first = 0; first < columns; first += group) {
      const until = min(columns, first + group)
      let panel = scratch
      for (let column = first; column < until; column += 16) {
        const from = right + (<usize>k * rightStep + <usize>column * rightColumn) * 4
        packSixteen(from, panel, steps, min(16, until - column), rightStep, rightColumn)
        panel += panelBytes
      }
      let pair = pairs
      for (let row = 0; row < rows; row += 2) {
        const at = row * rowBytes + first * 4
        const to = plan ? sums : out + at
        // The last row of an odd number is computed twice.
        const next = row + 1 < rows ? outBytes : 0
        panel = scratch
        for (let column = first; column < until; column += 16) {
          const offset = <usize>(column - first) * 4
          tile(
            pair, panel, steps, until - column, k == 0, isLast && bias ? bias + <usize>column * 4 : 0, isLast && relu != 0,
            to + offset, to + offset + next,
          )
          panel += panelBytes
        }
        pair += pairBytes
        if (plan) {
          applyUpdate(plan, at, sums, until - first)
          if (next) applyUpdate(plan, at + rowBytes, sums + next, until - first)
        }
      }
    }
  }
}

/** The scratch memory of multiplyMatrices and multiplyAndUpdate in bytes. */
export function multiplyScratchSize(rows: i32, depth: i32): i32 {
  return <i32>(UPDATED + SUMS) + ((rows + 1) / 2) * min(depth, STEPS) * 8
}

/**
 * Two rows and up to sixteen columns, held in registers over the steps of a block.
 *
 * Loops take four turns at once, and each turn may be the last one: see multiplyTiles.
 */
// @ts-ignore: decorator
@inline
function tile(
  pair: usize, panel: usize, steps: i32, width: i32, isFirst: bool, bias: usize, relu: bool, to0: usize, to1: usize,
): void {
  let a0 = f32x4.splat(0)
  let a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0
  if (!isFirst) {
    a0 = loadLow(to0, width), a1 = loadLow(to0 + 16, width - 4), a2 = loadLow(to0 + 32, width - 8), a3 = loadLow(to0 + 48, width - 12)
    b0 = loadLow(to1, width), b1 = loadLow(to1 + 16, width - 4), b2 = loadLow(to1 + 32, width - 8), b3 = loadLow(to1 + 48, width - 12)
  }
  let w0: v128, w1: v128, w2: v128, w3: v128, x: v128
  for (; steps > 0; steps -= 4) {
    w0 = v128.load(panel, 0), w1 = v128.load(panel, 16), w2 = v128.load(panel, 32), w3 = v128.load(panel, 48)
    x = v128.load_splat<f32>(pair, 0)
    a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
    x = v128.load_splat<f32>(pair, 4)
    b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
    if (steps == 1) break
    w0 = v128.load(panel, 64), w1 = v128.load(panel, 80), w2 = v128.load(panel, 96), w3 = v128.load(panel, 112)
    x = v128.load_splat<f32>(pair, 8)
    a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
    x = v128.load_splat<f32>(pair, 12)
    b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
    if (steps == 2) break
    w0 = v128.load(panel, 128), w1 = v128.load(panel, 144), w2 = v128.load(panel, 160), w3 = v128.load(panel, 176)
    x = v128.load_splat<f32>(pair, 16)
    a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
    x = v128.load_splat<f32>(pair, 20)
    b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
    if (steps == 3) break
    w0 = v128.load(panel, 192), w1 = v128.load(panel, 208), w2 = v128.load(panel, 224), w3 = v128.load(panel, 240)
    x = v128.load_splat<f32>(pair, 24)
    a0 = multiplyAdd(a0, x, w0), a1 = multiplyAdd(a1, x, w1), a2 = multiplyAdd(a2, x, w2), a3 = multiplyAdd(a3, x, w3)
    x = v128.load_splat<f32>(pair, 28)
    b0 = multiplyAdd(b0, x, w0), b1 = multiplyAdd(b1, x, w1), b2 = multiplyAdd(b2, x, w2), b3 = multiplyAdd(b3, x, w3)
    panel += 256
    pair += 32
  }
  if (bias) {
    const c0 = loadLow(bias, width), c1 = loadLow(bias + 16, width - 4)
    const c2 = loadLow(bias + 32, width - 8), c3 = loadLow(bias + 48, width - 12)
    a0 = f32x4.add(a0, c0), a1 = f32x4.add(a1, c1), a2 = f32x4.add(a2, c2), a3 = f32x4.add(a3, c3)
    b0 = f32x4.add(b0, c0), b1 = f32x4.add(b1, c1), b2 = f32x4.add(b2, c2), b3 = f32x4.add(b3, c3)
  }
  if (relu) {
    const zero = f32x4.splat(0)
    a0 = f32x4.max(a0, zero), a1 = f32x4.max(a1, zero), a2 = f32x4.max(a2, zero), a3 = f32x4.max(a3, zero)
    b0 = f32x4.max(b0, zero), b1 = f32x4.max(b1, zero), b2 = f32x4.max(b2, zero), b3 = f32x4.max(b3, zero)
  }
  storeLanes(to0, a0, a1, width), storeLanes(to0 + 32, a2, a3, width - 8)
  storeLanes(to1, b0, b1, width), storeLanes(to1 + 32, b2, b3, width - 8)
}
