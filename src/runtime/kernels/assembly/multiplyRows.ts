/** The matrix product of convolutions and dense layers. */
import { loadHigh, loadLow, multiplyAdd, storeLanes } from './lanes'

/**
 * out[row, column] = activation(bias[column] + sum over k of rows[row, k] * panels[k, column])
 *
 * This product computes the forward pass of a convolution, the gradient of its input, and a dense layer. A row consists
 * of `lines`, `lineStep` bytes apart. A line consists of `spans`, `spanStep` bytes apart, of `spanLength` contiguous
 * floats each. For a convolution, the lines are the rows of the filter, and a line is one span, or one span per column of
 * a dilated filter.
 *
 * @param rows the table of the rows' addresses [count]
 * @param panels the right matrix in panels of eight columns, see packPanels
 * @param bias [columns], or 0 for none
 * @param relu 1 to replace negative results by 0
 */
export function multiplyRows(
  rows: usize, count: i32, panels: usize, bias: usize, out: usize, columns: i32,
  lines: i32, lineStep: usize, spans: i32, spanStep: usize, spanLength: i32, relu: i32,
): void {
  multiplyColumns(
    rows, count, panels, bias, out, columns, columns, lines, lineStep, spans, spanStep, spanLength, relu,
  )
}

/** multiplyRows for the first `until` columns of `out`. */
function multiplyColumns(
  rows: usize, count: i32, panels: usize, bias: usize, out: usize, until: i32, columns: i32,
  lines: i32, lineStep: usize, spans: i32, spanStep: usize, spanLength: i32, relu: i32,
): void {
  const panelBytes = <usize>lines * spans * spanLength * 32
  for (let column = 0; column < until; column += 8) {
    const width = until - column
    const columnBias = bias ? bias + column * 4 : 0
    let target = out + column * 4
    let row = 0
    for (; row + 4 <= count; row += 4) {
      tile(4, rows + row * 4, panels, columnBias, target, columns, width, lines, lineStep, spans, spanStep, spanLength, relu)
      target += <usize>columns * 16
    }
    const rest = count - row
    if (rest == 3) {
      tile(3, rows + row * 4, panels, columnBias, target, columns, width, lines, lineStep, spans, spanStep, spanLength, relu)
    } else if (rest == 2) {
      tile(2, rows + row * 4, panels, columnBias, target, columns, width, lines, lineStep, spans, spanStep, spanLength, relu)
    } else if (rest == 1) {
      tile(1, rows + row * 4, panels, columnBias, target, columns, width, lines, lineStep, spans, spanStep, spanLength, relu)
    }
    panels += panelBytes
  }
}

/**
 * A tile of `height` rows (a constant from 1 to 4) and eight columns, held in registers: low0 and high0 are the first
 * row's sums. More rows would not fit into the 16 registers of x86-64. The body is inlined for each height, and the
 * compiler removes the code of unused rows.
 */
// @ts-ignore: decorator
@inline
function tile(
  height: i32, rows: usize, panel: usize, bias: usize, out: usize, columns: i32, width: i32,
  lines: i32, lineStep: usize, spans: i32, spanStep: usize, spanLength: i32, relu: i32,
): void {
  const row0 = load<usize>(rows)
  const row1 = height > 1 ? load<usize>(rows, 4) : 0
  const row2 = height > 2 ? load<usize>(rows, 8) : 0
  const row3 = height > 3 ? load<usize>(rows, 12) : 0
  let low0 = bias ? loadLow(bias, width) : f32x4.splat(0)
  let high0 = bias ? loadHigh(bias, width) : f32x4.splat(0)
  let low1 = low0, high1 = high0, low2 = low0, high2 = high0, low3 = low0, high3 = high0

  let x: v128, weightsLow: v128, weightsHigh: v128
  for (let line = 0; line < lines; line++) {
    for (let span = 0; span < spans; span++) {
      const offset = line * lineStep + span * spanStep
      let at0 = row0 + offset, at1 = row1 + offset, at2 = row2 + offset, at3 = row3 + offset
      // Two turns at once, and each may be the last one: see multiplyTiles.
      for (let rest = spanLength; rest > 0; rest -= 2) {
        weightsLow = v128.load(panel, 0)
        weightsHigh = v128.load(panel, 16)
        x = v128.load_splat<f32>(at0), low0 = multiplyAdd(low0, x, weightsLow), high0 = multiplyAdd(high0, x, weightsHigh)
        if (height > 1) x = v128.load_splat<f32>(at1), low1 = multiplyAdd(low1, x, weightsLow), high1 = multiplyAdd(high1, x, weightsHigh)
        if (height > 2) x = v128.load_splat<f32>(at2), low2 = multiplyAdd(low2, x, weightsLow), high2 = multiplyAdd(high2, x, weightsHigh)
        if (height > 3) x = v128.load_splat<f32>(at3), low3 = multiplyAdd(low3, x, weightsLow), high3 = multiplyAdd(high3, x, weightsHigh)
        panel += 32
        if (rest == 1) break
        weightsLow = v128.load(panel, 0)
        weightsHigh = v128.load(panel, 16)
        x = v128.load_splat<f32>(at0, 4), low0 = multiplyAdd(low0, x, weightsLow), high0 = multiplyAdd(high0, x, weightsHigh)
        at0 += 8
        if (height > 1) x = v128.load_splat<f32>(at1, 4), low1 = multiplyAdd(low1, x, weightsLow), high1 = multiplyAdd(high1, x, weightsHigh), at1 += 8
        if (height > 2) x = v128.load_splat<f32>(at2, 4), low2 = multiplyAdd(low2, x, weightsLow), high2 = multiplyAdd(high2, x, weightsHigh), at2 += 8
        if (height > 3) x = v128.load_splat<f32>(at3, 4), low3 = multiplyAdd(low3, x, weightsLow), high3 = multiplyAdd(high3, x, weightsHigh), at3 += 8
        panel += 32
      }
    }
  }

  if (relu) {
    const zero = f32x4.splat(0)
    low0 = f32x4.max(low0, zero), high0 = f32x4.max(high0, zero)
    low1 = f32x4.max(low1, zero), high1 = f32x4.max(high1, zero)
    low2 = f32x4.max(low2, zero), high2 = f32x4.max(high2, zero)
    low3 = f32x4.max(low3, zero), high3 = f32x4.max(high3, zero)
  }
  const rowBytes = <usize>columns * 4
  storeLanes(out, low0, high0, width)
  if (height > 1) storeLanes(out + rowBytes, low1, high1, width)
  if (height > 2) storeLanes(out + rowBytes * 2, low2, high2, width)
  if (height > 3) storeLanes(out + rowBytes * 3, low3, high3, width)
}
