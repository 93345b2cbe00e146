/*
 * Convolutions with stride 1 whose outputs are pooled by windows of 2 x 2, then shifted by a bias and clipped by relu. Only the
 * pooled values are written, with the place of each in its window: four times fewer values than the convolution has.
 *
 * The height and width of the convolution's output are even, and filters are a multiple of 8.
 */
import { multiplyAdd } from './lanes'
import { multiplyTransposedRows } from './multiplyTransposedRows'
import { storeLargest, unpoolLine } from './poolingPlaces'

/** The outputs of the convolution that are unpooled together, few enough for the first-level cache. */
const BLOCK = 256

/** The scratch memory of pooledFilterGradient, in floats. */
export function pooledGradientScratchSize(outWidth: i32, filters: i32): i32 {
  return pooledLines(outWidth) * outWidth * 2 * filters
}

/** The lines of pooled values that make up a block. */
function pooledLines(outWidth: i32): i32 {
  return max(1, BLOCK / (outWidth * 2))
}

/**
 * Convolves padded images directly, and pools the four outputs of each window.
 *
 * @param panels the filter in panels of eight columns, see packPanels
 * @param bias [filters], or 0 for none
 * @param places int32 [batch, outHeight / 2, outWidth / 2, filters]
 */
export function multiplyPooledWindows(
  images: usize, panels: usize, bias: usize, out: usize, places: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, filters: i32,
  filterHeight: i32, filterWidth: i32, relu: i32,
): void {
  const pixel = <usize>channels * 4
  const line = <usize>width * pixel
  const spanLength = filterWidth * channels
  const panelBytes = <usize>filterHeight * spanLength * 32
  const rowBytes = <usize>filters * 4
  const lineBytes = <usize>(outWidth >> 1) * rowBytes
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outHeight; y += 2) {
      const first = images + (<usize>n * height + y) * line
      const end = first + <usize>outWidth * pixel
      let panel = panels
      for (let f: usize = 0; f < rowBytes; f += 32) {
        const low = bias ? v128.load(bias + f) : f32x4.splat(0)
        const high = bias ? v128.load(bias + f, 16) : f32x4.splat(0)
        let target = f
        for (let window = first; window < end; window += pixel * 2) {
          pooledTile(window, pixel, line, panel, filterHeight, spanLength, low, high, out + target, places + target, relu)
          target += rowBytes
        }
        panel += panelBytes
      }
      out += lineBytes
      places += lineBytes
    }
  }
}

/** The four outputs of a window for eight filters, as in multiplyRows. */
// @ts-ignore: decorator
@inline
function pooledTile(
  window: usize, pixel: usize, line: usize, panel: usize, lines: i32, spanLength: i32,
  biasLow: v128, biasHigh: v128, out: usize, places: usize, relu: i32,
): void {
  let low0 = f32x4.splat(0)
  let high0 = low0, low1 = low0, high1 = low0, low2 = low0, high2 = low0, low3 = low0, high3 = low0
  let x: v128, weightsLow: v128, weightsHigh: v128
  for (let y = 0; y < lines; y++) {
    let at0 = window, at1 = window + pixel, at2 = window + line, at3 = at2 + pixel
    for (let rest = spanLength; rest > 0; rest -= 4) {
      weightsLow = v128.load(panel, 0), weightsHigh = v128.load(panel, 16)
      x = v128.load_splat<f32>(at0, 0), low0 = multiplyAdd(low0, x, weightsLow), high0 = multiplyAdd(high0, x, weightsHigh)
      x = v128.load_splat<f32>(at1, 0), low1 = multiplyAdd(low1, x, weightsLow), high1 = multiplyAdd(high1, x, weightsHigh)
      x = v128.load_splat<f32>(at2, 0), low2 = multiplyAdd(low2, x, weightsLow), high2 = multiplyAdd(high2, x, weightsHigh)
      x = v128.load_splat<f32>(at3, 0), low3 = multiplyAdd(low3, x, weightsLow), high3 = multiplyAdd(high3, x, weightsHigh)
      if (rest == 1) break
      weightsLow = v128.load(panel, 32), weightsHigh = v128.load(panel, 48)
      x = v128.load_splat<f32>(at0, 4), low0 = multiplyAdd(low0, x, weightsLow), high0 = multiplyAdd(high0, x, weightsHigh)
      x = v128.load_splat<f32>(at1, 4), low1 = multiplyAdd(low1, x, weightsLow), high1 = multiplyAdd(high1, x, weightsHigh)
      x = v128.load_splat<f32>(at2, 4), low2 = multiplyAdd(low2, x, weightsLow), high2 = multiplyAdd(high2, x, weightsHigh)
      x = v128.load_splat<f32>(at3, 4), low3 = multiplyAdd(low3, x, weightsLow), high3 = multiplyAdd(high3, x, weightsHigh)
      if (rest == 2) break
      weightsLow = v128.load(panel, 64), weightsHigh = v128.load(panel, 80)
      x = v128.load_splat<f32>(at0, 8), low0 = multiplyAdd(low0, x, weightsLow), high0 = multiplyAdd(high0, x, weightsHigh)
      x = v128.load_splat<f32>(at1, 8), low1 = multiplyAdd(low1, x, weightsLow), high1 = multiplyAdd(high1, x, weightsHigh)
      x = v128.load_splat<f32>(at2, 8), low2 = multiplyAdd(low2, x, weightsLow), high2 = multiplyAdd(high2, x, weightsHigh)
      x = v128.load_splat<f32>(at3, 8), low3 = multiplyAdd(low3, x, weightsLow), high3 = multiplyAdd(high3, x, weightsHigh)
      if (rest == 3) break
      weightsLow = v128.load(panel, 96), weightsHigh = v128.load(panel, 112)
      x = v128.load_splat<f32>(at0, 12), low0 = multiplyAdd(low0, x, weightsLow), high0 = multiplyAdd(high0, x, weightsHigh)
      x = v128.load_splat<f32>(at1, 12), low1 = multiplyAdd(low1, x, weightsLow), high1 = multiplyAdd(high1, x, weightsHigh)
      x = v128.load_splat<f32>(at2, 12), low2 = multiplyAdd(low2, x, weightsLow), high2 = multiplyAdd(high2, x, weightsHigh)
      x = v128.load_splat<f32>(at3, 12), low3 = multiplyAdd(low3, x, weightsLow), high3 = multiplyAdd(high3, x, weightsHigh)
      at0 += 16, at1 += 16, at2 += 16, at3 += 16, panel += 128
    }
    panel += (spanLength & 3) * 32
    window += line
  }
  storeLargest(low0, low1, low2, low3, biasLow, relu, out, places)
  storeLargest(high0, high1, high2, high3, biasHigh, relu, out + 16, places + 16)
}

/**
 * The gradient of the filter [lines, spanLength, filters]: multiplyTransposedRows of all windows and the gradients of the
 * convolution's outputs, which are unpooled a block at a time.
 *
 * @param rows the table of the windows' addresses, see windowRows
 * @param dy the gradients of the pooled values
 */
export function pooledFilterGradient(
  rows: usize, dy: usize, places: usize, scratch: usize, out: usize,
  batch: i32, outHeight: i32, outWidth: i32, filters: i32, lines: i32, lineStep: usize, spanLength: i32,
): void {
  const pixel = <usize>filters * 4
  const total = batch * (outHeight >> 1)
  const block = pooledLines(outWidth)
  const windows = outWidth >> 1
  for (let first = 0; first < total; first += block) {
    const count = min(block, total - first)
    let to = scratch
    for (let i = 0; i < count; i++) {
      unpoolLine(dy, places, to, outWidth * pixel, pixel, windows)
      dy += windows * pixel
      places += windows * pixel
      to += outWidth * pixel * 2
    }
    const steps = count * outWidth * 2
    multiplyTransposedRows(
      rows, steps, scratch, pixel, 32, out, filters, lines, lineStep, 1, 0, spanLength, first > 0,
    )
    rows += steps * 4
  }
}
