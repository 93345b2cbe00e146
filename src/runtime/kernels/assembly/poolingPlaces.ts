/*
 * Max pooling by windows of 2 x 2 that remembers which value of each window is the largest: its place, 0 to 3 in the order of
 * lines, or -1 if relu gives the window no gradient. Places are int32, one for each pooled value.
 */
import { BLOCK } from './reductions'

/**
 * Writes the largest of four values, shifted by a bias, and its place: the first of the largest ones, as in maxPoolGradient. If
 * the first value is NaN, so is the result. With relu, negative results become 0, and have no gradient.
 */
// @ts-ignore: decorator
@inline
export function storeLargest(
  v0: v128, v1: v128, v2: v128, v3: v128, bias: v128, relu: i32, out: usize, places: usize,
): void {
  // a is kept unless it is smaller, as if it is NaN.
  const upper = f32x4.pmax(v0, v1), lower = f32x4.pmax(v2, v3)
  const isLower = f32x4.gt(lower, upper)
  let largest = f32x4.add(f32x4.pmax(upper, lower), bias)
  // A comparison that holds is -1.
  const right = v128.bitselect(f32x4.gt(v3, v2), f32x4.gt(v1, v0), isLower)
  let place = i32x4.sub(v128.and(isLower, i32x4.splat(2)), right)
  if (relu) {
    place = v128.or(place, f32x4.le(largest, f32x4.splat(0)))
    largest = f32x4.pmax(largest, f32x4.splat(0))
  }
  v128.store(out, largest)
  v128.store(places, place)
}

/**
 * Writes the gradients of the two lines of a convolution's outputs: that of each pooled value goes to its place in the window.
 *
 * @param line the bytes from the first line of `to` to the second; `pixel` those between pixels
 */
// @ts-ignore: decorator
@inline
export function unpoolLine(dy: usize, places: usize, to: usize, line: usize, pixel: usize, windows: i32): void {
  for (let i = 0; i < windows; i++) {
    for (let c: usize = 0; c < pixel; c += 16) unpool(dy + c, places + c, to + c, line, pixel)
    dy += pixel
    places += pixel
    to += pixel * 2
  }
}

/** Writes the gradients of a window for four channels. */
// @ts-ignore: decorator
@inline
export function unpool(dy: usize, places: usize, to: usize, line: usize, pixel: usize): void {
  const share = v128.load(dy), place = v128.load(places)
  v128.store(to, v128.and(share, i32x4.eq(place, i32x4.splat(0))))
  v128.store(to + pixel, v128.and(share, i32x4.eq(place, i32x4.splat(1))))
  v128.store(to + line, v128.and(share, i32x4.eq(place, i32x4.splat(2))))
  v128.store(to + line + pixel, v128.and(share, i32x4.eq(place, i32x4.splat(3))))
}

/**
 * Writes the gradients of a convolution's outputs into padded images: output (y, x) is at (top + y, left + x), and zeros are
 * around them.
 */
export function unpoolImages(
  dy: usize, places: usize, to: usize,
  batch: i32, outHeight: i32, outWidth: i32, filters: i32, toHeight: i32, toWidth: i32, top: i32, left: i32,
): void {
  const pixel = <usize>filters * 4
  const line = <usize>toWidth * pixel
  const margin = <usize>left * pixel
  const inner = <usize>outWidth * pixel
  const pooled = inner >> 1
  for (let n = 0; n < batch; n++) {
    fillZeros(to, to + top * line)
    to += top * line
    for (let y = 0; y < outHeight; y += 2) {
      fillZeros(to, to + margin)
      fillZeros(to + margin + inner, to + line + margin)
      fillZeros(to + line + margin + inner, to + line * 2)
      unpoolLine(dy, places, to + margin, line, pixel, outWidth >> 1)
      dy += pooled
      places += pooled
      to += line * 2
    }
    const rest = <usize>(toHeight - top - outHeight) * line
    fillZeros(to, to + rest)
    to += rest
  }
}

/** The sum of the gradients [rows, filters] that have a place: the gradient of the bias. */
export function pooledBiasGradient(dy: usize, places: usize, out: usize, rows: i32, filters: i32): void {
  const rowBytes = <usize>filters * 4
  for (let column: usize = 0; column < rowBytes; column += 32) {
    let low = f32x4.splat(0), high = low
    for (let row = 0; row < rows; row += BLOCK) {
      let at = column + <usize>row * rowBytes
      let lowSum = f32x4.splat(0), highSum = lowSum
      for (const end = at + min(BLOCK, rows - row) * rowBytes; at < end; at += rowBytes) {
        // Only -1 has a sign.
        const isLowOff = i32x4.shr_s(v128.load(places + at), 31), isHighOff = i32x4.shr_s(v128.load(places + at, 16), 31)
        lowSum = f32x4.add(lowSum, v128.andnot(v128.load(dy + at), isLowOff))
        highSum = f32x4.add(highSum, v128.andnot(v128.load(dy + at, 16), isHighOff))
      }
      low = f32x4.add(low, lowSum), high = f32x4.add(high, highSum)
    }
    v128.store(out + column, low), v128.store(out + column, high, 16)
  }
}

/** Fills memory by vectors. For a few pixels, this is much faster than memory.fill. */
// @ts-ignore: decorator
@inline
function fillZeros(from: usize, end: usize): void {
  for (; from < end; from += 16) v128.store(from, f32x4.splat(0))
}
