/*
 * Convolution by a 3 x 3 filter with stride 1 by Winograd's algorithm: F(2 x 2, 3 x 3) in Lavin and Gray, Fast Algorithms
 * for Convolutional Neural Networks (arXiv:1509.09308). A tile of 2 x 2 outputs takes 16 products instead of 36: input
 * patches of 4 x 4 and the filter are transformed to 4 x 4 = 16 numbers each, multiplied elementwise (and summed over the
 * channels, which is one matrix product for each of the 16), and transformed back.
 *
 * All transforms are linear and separable: the functions `...Line` transform one dimension, first columns, then rows,
 * for four channels at a time. A plane holds one of the 16 numbers for a chunk of tiles; all planes are
 * [16, CHUNK, channels].
 *
 * Channels and filters must be multiples of 8. Padded images must hold the patches of all tiles:
 * 2 * ceil(outHeight / 2) + 2 lines, and as many columns.
 */
import { multiplyRows } from './multiplyRows'
import { multiplyTransposedRows } from './multiplyTransposedRows'
import { matrixRows } from './rows'

/** The tiles that are transformed and multiplied together, few enough for the second-level cache. */
const CHUNK = 64

/** The bytes of a 4 x 4 patch of four channels, and of one line of it. */
const PATCH = 256
const PATCH_LINE = 64

/** The scratch memory of winogradConvolution, in floats. */
export function winogradScratchSize(channels: i32, filters: i32): i32 {
  return PATCH / 4 + CHUNK + 4 * <i32>(planeBytes(channels) + planeBytes(filters))
}

/** The scratch memory of winogradFilterGradient, in floats. */
export function winogradGradientScratchSize(channels: i32, filters: i32): i32 {
  return winogradScratchSize(channels, filters) + 16 * channels * filters
}

/**
 * Transforms a filter from panels [panelCount, 9, channels, 8] to [16, panelCount, channels, 8].
 *
 * @param patch scratch memory for 64 floats
 */
export function winogradFilter(panels: usize, to: usize, patch: usize, panelCount: i32, channels: i32): void {
  const tap = <usize>channels * 32
  const plane = tap * panelCount
  for (let panel = 0; panel < panelCount; panel++) {
    for (let half: usize = 0; half < tap; half += 16) {
      for (let x = 0; x < 3; x++) filterLine(panels + half + x * tap, tap * 3, patch + x * 16, PATCH_LINE)
      for (let y = 0; y < 4; y++) filterLine(patch + y * PATCH_LINE, 16, to + half + y * 4 * plane, plane)
    }
    panels += tap * 9
    to += tap
  }
}

/** out = relu(images * filter + bias), for a filter from winogradFilter and a bias [filters], or 0 for none. */
export function winogradConvolution(
  images: usize, filter: usize, bias: usize, out: usize, scratch: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, filters: i32, relu: i32,
): void {
  const patch = scratch
  const table = patch + PATCH
  const inputs = table + CHUNK * 4
  const inputPlane = planeBytes(channels)
  const products = inputs + inputPlane * 16
  const productPlane = planeBytes(filters)
  const tiles = batch * tilesIn(outHeight) * tilesIn(outWidth)
  for (let first = 0; first < tiles; first += CHUNK) {
    const count = min(CHUNK, tiles - first)
    transformInputs(images, patch, inputs, first, count, height, width, channels, outHeight, outWidth)
    for (let i: usize = 0; i < 16; i++) {
      matrixRows(table, inputs + i * inputPlane, count, channels)
      const panels = filter + i * channels * filters * 4
      multiplyRows(table, count, panels, 0, products + i * productPlane, filters, 1, 0, 1, 0, channels, 0)
    }
    transformProducts(products, patch, bias, out, first, count, outHeight, outWidth, filters, relu)
  }
}

/**
 * The gradient [3, 3, channels, filters] of the filter: the sum over all tiles of the transformed input times the
 * transformed dy, transformed back.
 */
export function winogradFilterGradient(
  images: usize, dy: usize, out: usize, scratch: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, filters: i32,
): void {
  const patch = scratch
  const table = patch + PATCH
  const inputs = table + CHUNK * 4
  const inputPlane = planeBytes(channels)
  const gradients = inputs + inputPlane * 16
  const gradientPlane = planeBytes(filters)
  const sums = gradients + gradientPlane * 16
  const sumPlane = <usize>channels * filters * 4
  const tiles = batch * tilesIn(outHeight) * tilesIn(outWidth)
  for (let first = 0; first < tiles; first += CHUNK) {
    const count = min(CHUNK, tiles - first)
    transformInputs(images, patch, inputs, first, count, height, width, channels, outHeight, outWidth)
    transformGradients(dy, patch, gradients, first, count, outHeight, outWidth, filters)
    for (let i: usize = 0; i < 16; i++) {
      matrixRows(table, inputs + i * inputPlane, count, channels)
      const right = gradients + i * gradientPlane
      const sum = sums + i * sumPlane
      multiplyTransposedRows(table, count, right, filters * 4, 32, sum, filters, 1, 0, 1, 0, channels, first > 0)
    }
  }
  for (let at: usize = 0; at < sumPlane; at += 16) {
    for (let x = 0; x < 4; x++) filterGradientLine(sums + at + x * sumPlane, sumPlane * 4, patch + x * 16, PATCH_LINE)
    for (let y = 0; y < 3; y++) filterGradientLine(patch + y * PATCH_LINE, 16, out + at + y * 3 * sumPlane, sumPlane)
  }
}

/**
 * The bytes between planes. They are not a power of two: the 16 numbers of a patch would compete for the same lines of
 * the first-level cache.
 */
// @ts-ignore: decorator
@inline
function planeBytes(channels: i32): usize {
  return (<usize>CHUNK * channels + 16) * 4
}

/** The number of tiles along one dimension of the output. */
// @ts-ignore: decorator
@inline
function tilesIn(size: i32): i32 {
  return (size + 1) >> 1
}

/** Writes the transformed 4 x 4 patches of `count` tiles into the planes `to` [16, CHUNK, channels]. */
function transformInputs(
  images: usize, patch: usize, to: usize, first: i32, count: i32,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
): void {
  const pixel = <usize>channels * 4
  const line = width * pixel
  const plane = planeBytes(channels)
  const across = tilesIn(outWidth)
  const down = tilesIn(outHeight)
  for (let tile = first; tile < first + count; tile++) {
    const tileRow = tile / across
    const x0 = (tile - tileRow * across) * 2
    const n = tileRow / down
    const y0 = (tileRow - n * down) * 2
    const from = images + (<usize>n * height + y0) * line + x0 * pixel
    for (let c: usize = 0; c < pixel; c += 16) {
      for (let x = 0; x < 4; x++) inputLine(from + c + x * pixel, line, patch + x * 16, PATCH_LINE)
      for (let y = 0; y < 4; y++) inputLine(patch + y * PATCH_LINE, 16, to + c + y * 4 * plane, plane)
    }
    to += pixel
  }
}

/** Writes the transformed 2 x 2 output gradients of `count` tiles into the planes `to` [16, CHUNK, filters]. */
function transformGradients(
  dy: usize, patch: usize, to: usize, first: i32, count: i32, outHeight: i32, outWidth: i32, filters: i32,
): void {
  const pixel = <usize>filters * 4
  const line = outWidth * pixel
  const plane = planeBytes(filters)
  const across = tilesIn(outWidth)
  const down = tilesIn(outHeight)
  for (let tile = first; tile < first + count; tile++) {
    const tileRow = tile / across
    const x0 = (tile - tileRow * across) * 2
    const n = tileRow / down
    const y0 = (tileRow - n * down) * 2
    const from = dy + (<usize>n * outHeight + y0) * line + x0 * pixel
    const hasSecondLine = y0 + 1 < outHeight
    const hasSecondPixel = x0 + 1 < outWidth
    for (let f: usize = 0; f < pixel; f += 16) {
      gradientLine(from + f, line, hasSecondLine, patch, PATCH_LINE)
      if (hasSecondPixel) gradientLine(from + f + pixel, line, hasSecondLine, patch + 16, PATCH_LINE)
      for (let y = 0; y < 4; y++) {
        gradientLine(patch + y * PATCH_LINE, 16, hasSecondPixel, to + f + y * 4 * plane, plane)
      }
    }
    to += pixel
  }
}

/** Transforms the planes of products [16, CHUNK, filters] back and writes the 2 x 2 outputs of `count` tiles. */
function transformProducts(
  products: usize, patch: usize, bias: usize, out: usize, first: i32, count: i32,
  outHeight: i32, outWidth: i32, filters: i32, relu: i32,
): void {
  const pixel = <usize>filters * 4
  const line = outWidth * pixel
  const plane = planeBytes(filters)
  const across = tilesIn(outWidth)
  const down = tilesIn(outHeight)
  const least = f32x4.splat(relu ? 0 : -Infinity)
  for (let tile = first; tile < first + count; tile++) {
    const tileRow = tile / across
    const x0 = (tile - tileRow * across) * 2
    const n = tileRow / down
    const y0 = (tileRow - n * down) * 2
    const to = out + (<usize>n * outHeight + y0) * line + x0 * pixel
    const lines = min(2, outHeight - y0)
    const hasSecondPixel = x0 + 1 < outWidth
    for (let f: usize = 0; f < pixel; f += 16) {
      for (let x = 0; x < 4; x++) {
        const at = products + f + x * plane
        const m1 = v128.load(at + plane * 4), m2 = v128.load(at + plane * 8)
        v128.store(patch + x * 16, f32x4.add(v128.load(at), f32x4.add(m1, m2)))
        v128.store(patch + x * 16, f32x4.sub(f32x4.sub(m1, m2), v128.load(at + plane * 12)), PATCH_LINE)
      }
      const offset = bias ? v128.load(bias + f) : f32x4.splat(0)
      for (let y = 0; y < lines; y++) {
        const at = patch + y * PATCH_LINE
        const m1 = v128.load(at, 16), m2 = v128.load(at, 32)
        const left = f32x4.add(v128.load(at), f32x4.add(m1, m2))
        const right = f32x4.sub(f32x4.sub(m1, m2), v128.load(at, 48))
        const target = to + f + y * line
        v128.store(target, f32x4.max(f32x4.add(left, offset), least))
        if (hasSecondPixel) v128.store(target + pixel, f32x4.max(f32x4.add(right, offset), least))
      }
    }
    products += pixel
  }
}

/** One dimension of the input's transform, 4 numbers to 4: the transposed matrix B of the paper. */
// @ts-ignore: decorator
@inline
function inputLine(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const d0 = v128.load(from), d1 = v128.load(from + fromStep)
  const d2 = v128.load(from + fromStep * 2), d3 = v128.load(from + fromStep * 3)
  v128.store(to, f32x4.sub(d0, d2))
  v128.store(to + toStep, f32x4.add(d1, d2))
  v128.store(to + toStep * 2, f32x4.sub(d2, d1))
  v128.store(to + toStep * 3, f32x4.sub(d1, d3))
}

/** One dimension of the filter's transform, 3 numbers to 4: the matrix G of the paper. */
// @ts-ignore: decorator
@inline
function filterLine(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + fromStep), g2 = v128.load(from + fromStep * 2)
  const outer = f32x4.mul(f32x4.add(g0, g2), f32x4.splat(0.5))
  const inner = f32x4.mul(g1, f32x4.splat(0.5))
  v128.store(to, g0)
  v128.store(to + toStep, f32x4.add(outer, inner))
  v128.store(to + toStep * 2, f32x4.sub(outer, inner))
  v128.store(to + toStep * 3, g2)
}

/** One dimension of the output gradient's transform, 2 numbers (or 1 at the edge) to 4: the matrix A of the paper. */
// @ts-ignore: decorator
@inline
function gradientLine(from: usize, fromStep: usize, hasSecond: bool, to: usize, toStep: usize): void {
  const d0 = v128.load(from)
  const d1 = hasSecond ? v128.load(from + fromStep) : f32x4.splat(0)
  v128.store(to, d0)
  v128.store(to + toStep, f32x4.add(d0, d1))
  v128.store(to + toStep * 2, f32x4.sub(d0, d1))
  v128.store(to + toStep * 3, f32x4.neg(d1))
}

/** One dimension of the filter gradient's inverse transform, 4 numbers to 3: the transposed matrix G of the paper. */
// @ts-ignore: decorator
@inline
function filterGradientLine(from: usize, fromStep: usize, to: usize, toStep: usize): void {
  const m1 = v128.load(from + fromStep), m2 = v128.load(from + fromStep * 2)
  const half = f32x4.mul(f32x4.add(m1, m2), f32x4.splat(0.5))
  v128.store(to, f32x4.add(v128.load(from), half))
  v128.store(to + toStep, f32x4.mul(f32x4.sub(m1, m2), f32x4.splat(0.5)))
  v128.store(to + toStep * 2, f32x4.add(half, v128.load(from + fromStep * 3)))
}
