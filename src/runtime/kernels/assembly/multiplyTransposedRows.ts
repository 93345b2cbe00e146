/** The matrix product of the gradients of filters and dense kernels. */
import { loadHigh, loadLow, multiplyAdd, storeLanes } from './lanes'

/** The steps that are summed before the next panel, few enough that the data a panel reads stays in the first-level cache. */
const BLOCK = 256

/**
 * The bytes of the panels that four rows of the result are computed from before the next four: they stay in the first-level
 * cache, and the result is written in runs of several panels.
 */
const CACHED = 16384

/**
 * out[k, column] = sum over step of rows[step, k] * right[step, column]
 *
 * This product computes the gradient of a convolution's filter and of a dense layer's kernel. Rows are read as in
 * multiplyRows: `lines`, `lineStep` bytes apart, of `spans`, `spanStep` bytes apart, of `spanLength` floats.
 *
 * @param rows the table of the rows' addresses [steps]
 * @param right [steps, columns] if rightStep is 4 * columns and panelStep is 32, or packed into panels of eight columns
 *   if rightStep is 32 and panelStep is 32 * steps. Eight columns must be readable for each panel.
 * @param accumulate whether to add to the contents of `out`
 */
export function multiplyTransposedRows(
  rows: usize, steps: i32, right: usize, rightStep: usize, panelStep: usize, out: usize, columns: i32,
  lines: i32, lineStep: usize, spans: i32, spanStep: usize, spanLength: i32, accumulate: bool,
): void {
  const rowBytes = <usize>columns * 4
  for (let step = 0; step < steps; step += BLOCK) {
    const from = rows + step * 4
    const count = min(steps - step, BLOCK)
    const until = from + count * 4
    const first = step == 0 && !accumulate
    const group = 8 * max(1, CACHED / (count * 32))
    let target = out
    for (let line = 0; line < lines; line++) {
      for (let span = 0; span < spans; span++) {
        const offset = line * lineStep + span * spanStep
        let panel = right + step * rightStep
        for (let column = 0; column < columns; column += group) {
          const width = columns - column
          let cell = target + column * 4
          let k = 0
          for (; k + 4 <= spanLength; k += 4) {
            tiles(4, from, until, offset + k * 4, panel, rightStep, panelStep, cell, rowBytes, width, group, first)
            cell += rowBytes * 4
          }
          const rest = spanLength - k
          if (rest == 3) tiles(3, from, until, offset + k * 4, panel, rightStep, panelStep, cell, rowBytes, width, group, first)
          else if (rest == 2) tiles(2, from, until, offset + k * 4, panel, rightStep, panelStep, cell, rowBytes, width, group, first)
          else if (rest == 1) tiles(1, from, until, offset + k * 4, panel, rightStep, panelStep, cell, rowBytes, width, group, first)
          panel += panelStep * (group >> 3)
        }
        target += rowBytes * spanLength
      }
    }
  }
}

/** The tiles of up to `group` of the `width` columns that remain. */
// @ts-ignore: decorator
@inline
function tiles(
  height: i32, rows: usize, rowsEnd: usize, offset: usize, right: usize, rightStep: usize, panelStep: usize,
  out: usize, rowBytes: usize, width: i32, group: i32, first: bool,
): void {
  const columns = min(width, group)
  for (let column = 0; column < columns; column += 8) {
    tile(height, rows, rowsEnd, offset, right, rightStep, out + column * 4, rowBytes, width - column, first)
    right += panelStep
  }
}

/**
 * A tile of `height` values of k (a constant from 1 to 4) and eight columns, held in registers over the steps of a
 * block. The body is inlined for each height, and the compiler removes the code of unused rows.
 */
// @ts-ignore: decorator
@inline
function tile(
  height: i32, rows: usize, rowsEnd: usize, offset: usize, right: usize, rightStep: usize,
  out: usize, rowBytes: usize, width: i32, first: bool,
): void {
  let low0 = f32x4.splat(0)
  let high0 = low0, low1 = low0, high1 = low0, low2 = low0, high2 = low0, low3 = low0, high3 = low0
  if (!first) {
    low0 = loadLow(out, width), high0 = loadHigh(out, width)
    if (height > 1) low1 = loadLow(out + rowBytes, width), high1 = loadHigh(out + rowBytes, width)
    if (height > 2) low2 = loadLow(out + rowBytes * 2, width), high2 = loadHigh(out + rowBytes * 2, width)
    if (height > 3) low3 = loadLow(out + rowBytes * 3, width), high3 = loadHigh(out + rowBytes * 3, width)
  }
  let x: v128
  for (; rows < rowsEnd; rows += 4) {
    const at = load<usize>(rows) + offset
    const rightLow = v128.load(right)
    const rightHigh = v128.load(right, 16)
    x = v128.load_splat<f32>(at, 0), low0 = multiplyAdd(low0, x, rightLow), high0 = multiplyAdd(high0, x, rightHigh)
    if (height > 1) x = v128.load_splat<f32>(at, 4), low1 = multiplyAdd(low1, x, rightLow), high1 = multiplyAdd(high1, x, rightHigh)
    if (height > 2) x = v128.load_splat<f32>(at, 8), low2 = multiplyAdd(low2, x, rightLow), high2 = multiplyAdd(high2, x, rightHigh)
    if (height > 3) x = v128.load_splat<f32>(at, 12), low3 = multiplyAdd(low3, x, rightLow), high3 = multiplyAdd(high3, x, rightHigh)
    right += rightStep
  }
  storeLanes(out, low0, high0, width)
  if (height > 1) storeLanes(out + rowBytes, low1, high1, width)
  if (height > 2) storeLanes(out + rowBytes * 2, low2, high2, width)
  if (height > 3) storeLanes(out + rowBytes * 3, low3, high3, width)
}
