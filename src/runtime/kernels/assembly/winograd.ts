/*
 * Convolution by a 3 x 3 filter with stride 1 by Winograd's algorithm: F(4 x 4, 3 x 3) in Lavin and Gray, Fast Algorithms
 * for Convolutional Neural Networks (arXiv:1509.09308). A tile of 4 x 4 outputs takes 36 products instead of 144: input
 * patches of 6 x 6 and the filter are transformed to 6 x 6 = 36 numbers each, multiplied elementwise (and summed over the
 * channels, which is one matrix product for each of the 36), and transformed back. If one or two outputs remain along a
 * dimension, the last tile is short: two outputs of it take four of the six numbers.
 *
 * All transforms are linear and separable: columns are transformed first, then rows, for four channels at a time. A plane
 * holds one of the 36 numbers for a chunk of tiles, all of the same size: all planes are [36, CHUNK, channels].
 *
 * Channels and filters must be multiples of 8. Padded images must hold the patches of all tiles, which are two lines and
 * columns larger than their outputs.
 */
import { multiplyTiles, multiplyTransposedTiles } from './multiplyTiles'
import { filterGradientLine, filterLine } from './winogradLines'
import {
  gradientTile, inputTile, outputTile, PATCH, PATCH_LINE, pooledGradientTile, pooledOutputTile, TILE,
} from './winogradTiles'

/** The tiles that are transformed and multiplied together, few enough for the second-level cache. */
const CHUNK = 32

/** The scratch memory of winogradConvolution, in floats. */
export function winogradScratchSize(channels: i32, filters: i32): i32 {
  return (PATCH + TILE) / 4 + 9 * <i32>(planeBytes(channels) + planeBytes(columnsOf(filters)))
}

/** The scratch memory of winogradFilterGradient, in floats. */
export function winogradGradientScratchSize(channels: i32, filters: i32): i32 {
  return winogradScratchSize(channels, filters) + 36 * channels * columnsOf(filters)
}

/**
 * Transforms a filter from panels [panelCount, 9, channels, 8] to [36, ceil(panelCount / 2), channels, 16], without the
 * planes that no tile of the output needs.
 *
 * @param patch scratch memory of a patch
 */
export function winogradFilter(
  panels: usize, to: usize, patch: usize, panelCount: i32, channels: i32, outHeight: i32, outWidth: i32,
): void {
  const tall = tilesIn(outHeight, true) > 0, wide = tilesIn(outWidth, true) > 0
  const lines = tall ? 6 : 4
  const tap = <usize>channels * 32
  const plane = tap * ((panelCount + 1) & ~1)
  if (panelCount & 1) memory.fill(to, 0, plane * 36)
  for (let panel = 0; panel < panelCount; panel++) {
    let target = to + (panel >> 1) * tap * 2 + (panel & 1) * 32
    for (let k: usize = 0; k < tap; k += 32) {
      for (let half: usize = 0; half < 32; half += 16) {
        const from = panels + k + half
        for (let x = 0; x < 3; x++) filterLine(tall, from + x * tap, tap * 3, patch + x * 16, PATCH_LINE)
        for (let y = 0; y < lines; y++) filterLine(wide, patch + y * PATCH_LINE, 16, target + half + y * 6 * plane, plane)
      }
      target += 64
    }
    panels += tap * 9
  }
}

/**
 * out = relu(images * filter + bias), for a filter from winogradFilter and a bias [filters], or 0 for none.
 *
 * @param places if not 0, the outputs are pooled: see storeLargest
 */
export function winogradConvolution(
  images: usize, filter: usize, bias: usize, out: usize, places: usize, scratch: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, filters: i32, relu: i32,
): void {
  const inputs = scratch + PATCH + TILE
  const inputPlane = planeBytes(channels)
  const products = inputs + inputPlane * 36
  const columns = columnsOf(filters)
  const productPlane = planeBytes(columns)
  const filterPlane = <usize>channels * columns * 4
  for (let size = 0; size < 4; size++) {
    const tall = size < 2, wide = (size & 1) == 0
    const tiles = batch * tilesIn(outHeight, tall) * tilesIn(outWidth, wide)
    for (let first = 0; first < tiles; first += CHUNK) {
      const count = min(CHUNK, tiles - first)
      transformInputs(images, scratch, inputs, first, count, tall, wide, height, width, channels, outHeight, outWidth)
      for (let i = 0; i < 36; i++) {
        if (!hasPlane(i, tall, wide)) continue
        const product = products + i * productPlane
        multiplyTiles(inputs + i * inputPlane, filter + i * filterPlane, product, count, channels, columns)
      }
      transformProducts(products, scratch, bias, out, places, first, count, tall, wide, outHeight, outWidth, filters, relu)
    }
  }
}

/**
 * The gradient [3, 3, channels, filters] of the filter: the sum over all tiles of the transformed input times the
 * transformed dy, transformed back.
 *
 * @param places if not 0, dy are the gradients of pooled outputs: see unpool
 */
export function winogradFilterGradient(
  images: usize, dy: usize, places: usize, out: usize, scratch: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, filters: i32,
): void {
  const inputs = scratch + PATCH + TILE
  const inputPlane = planeBytes(channels)
  const gradients = inputs + inputPlane * 36
  const columns = columnsOf(filters)
  const gradientPlane = planeBytes(columns)
  const sums = gradients + gradientPlane * 36
  const sumPlane = <usize>channels * columns * 4
  const anyTall = tilesIn(outHeight, true) > 0, anyWide = tilesIn(outWidth, true) > 0
  for (let i = 0; i < 36; i++) {
    if (hasPlane(i, anyTall, anyWide)) memory.fill(sums + i * sumPlane, 0, sumPlane)
  }
  for (let size = 0; size < 4; size++) {
    const tall = size < 2, wide = (size & 1) == 0
    const tiles = batch * tilesIn(outHeight, tall) * tilesIn(outWidth, wide)
    for (let first = 0; first < tiles; first += CHUNK) {
      const count = min(CHUNK, tiles - first)
      transformInputs(images, scratch, inputs, first, count, tall, wide, height, width, channels, outHeight, outWidth)
      transformGradients(dy, places, scratch, gradients, first, count, tall, wide, outHeight, outWidth, filters)
      for (let i = 0; i < 36; i++) {
        if (!hasPlane(i, tall, wide)) continue
        const right = gradients + i * gradientPlane
        multiplyTransposedTiles(inputs + i * inputPlane, right, sums + i * sumPlane, count, channels, columns)
      }
    }
  }
  transformSums(sums, scratch, out, anyTall, anyWide, channels, filters)
}

/**
 * The bytes between planes. They are not a power of two: the 36 numbers of a patch would compete for the same lines of
 * the first-level cache. There is space for one tile more than CHUNK, see multiplyTiles.
 */
// @ts-ignore: decorator
@inline
function planeBytes(channels: i32): usize {
  return (<usize>(CHUNK + 1) * channels + 16) * 4
}

/** The filters, and the unused columns that make them a multiple of 16. */
// @ts-ignore: decorator
@inline
function columnsOf(filters: i32): i32 {
  return (filters + 15) & ~15
}

/** The number of long tiles along a dimension of the output, or of short ones. */
function tilesIn(size: i32, long: bool): i32 {
  const rest = size & 3
  if (long) return (size >> 2) + <i32>(rest == 3)
  return <i32>(rest == 1 || rest == 2)
}

/** The first output of the tile `index` along a dimension: the short tile is after all long ones. */
// @ts-ignore: decorator
@inline
function tileStart(index: i32, size: i32, long: bool): i32 {
  return long ? index * 4 : size & ~3
}

/** Whether tiles of a size have the number of this plane: short tiles lack those of the last two points. */
// @ts-ignore: decorator
@inline
function hasPlane(plane: i32, tall: bool, wide: bool): bool {
  return (tall || plane < 24) && (wide || plane % 6 < 4)
}

/** Writes the transformed patches of `count` tiles into the planes `to`. */
function transformInputs(
  images: usize, patch: usize, to: usize, first: i32, count: i32, tall: bool, wide: bool,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
): void {
  const pixel = <usize>channels * 4
  const line = width * pixel
  const plane = planeBytes(channels)
  const across = tilesIn(outWidth, wide)
  const down = tilesIn(outHeight, tall)
  for (let tile = first; tile < first + count; tile++) {
    const tileRow = tile / across
    const n = tileRow / down
    const x0 = tileStart(tile - tileRow * across, outWidth, wide)
    const y0 = tileStart(tileRow - n * down, outHeight, tall)
    const from = images + (<usize>n * height + y0) * line + x0 * pixel
    for (let c: usize = 0; c < pixel; c += 16) {
      inputTile(tall, wide, from + c, line, pixel, patch, to + c, plane)
    }
    to += pixel
  }
}

/** Writes the transformed output gradients of `count` tiles into the planes `to`. */
function transformGradients(
  dy: usize, places: usize, patch: usize, to: usize, first: i32, count: i32, tall: bool, wide: bool,
  outHeight: i32, outWidth: i32, filters: i32,
): void {
  const pixel = <usize>filters * 4
  // The size of dy, which is half that of the outputs if they are pooled.
  const half = places ? 1 : 0
  const dyHeight = outHeight >> half, dyWidth = outWidth >> half
  const line = dyWidth * pixel
  const row = <usize>columnsOf(filters) * 4
  const plane = planeBytes(columnsOf(filters))
  const across = tilesIn(outWidth, wide)
  const down = tilesIn(outHeight, tall)
  for (let tile = first; tile < first + count; tile++) {
    const tileRow = tile / across
    const n = tileRow / down
    const x0 = tileStart(tile - tileRow * across, outWidth, wide)
    const y0 = tileStart(tileRow - n * down, outHeight, tall)
    const from = (<usize>n * dyHeight + (y0 >> half)) * line + (x0 >> half) * pixel
    const lines = min(4, outHeight - y0)
    const columns = min(4, outWidth - x0)
    for (let f: usize = 0; f < pixel; f += 16) {
      const at = from + f
      if (places) {
        pooledGradientTile(tall, wide, dy + at, places + at, line, pixel, patch + PATCH, patch, to + f, plane)
      } else gradientTile(tall, wide, dy + at, line, pixel, lines, columns, patch, to + f, plane)
    }
    to += row
  }
}

/** Transforms the planes of products [36, CHUNK, columns] back and writes the outputs of `count` tiles. */
function transformProducts(
  products: usize, patch: usize, bias: usize, out: usize, places: usize, first: i32, count: i32, tall: bool, wide: bool,
  outHeight: i32, outWidth: i32, filters: i32, relu: i32,
): void {
  const pixel = <usize>filters * 4
  const half = places ? 1 : 0
  const height = outHeight >> half, width = outWidth >> half
  const line = width * pixel
  const row = <usize>columnsOf(filters) * 4
  const plane = planeBytes(columnsOf(filters))
  const across = tilesIn(outWidth, wide)
  const down = tilesIn(outHeight, tall)
  const least = f32x4.splat(relu ? 0 : -Infinity)
  for (let tile = first; tile < first + count; tile++) {
    const tileRow = tile / across
    const n = tileRow / down
    const x0 = tileStart(tile - tileRow * across, outWidth, wide)
    const y0 = tileStart(tileRow - n * down, outHeight, tall)
    const to = (<usize>n * height + (y0 >> half)) * line + (x0 >> half) * pixel
    const lines = min(4, outHeight - y0)
    const columns = min(4, outWidth - x0)
    for (let f: usize = 0; f < pixel; f += 16) {
      const offset = bias ? v128.load(bias + f) : f32x4.splat(0)
      const at = to + f
      if (places) {
        pooledOutputTile(
          tall, wide, products + f, plane, patch, patch + PATCH, out + at, places + at, line, pixel, offset, relu,
        )
      } else outputTile(tall, wide, products + f, plane, patch, out + at, line, pixel, lines, columns, offset, least)
    }
    products += row
  }
}

/** Transforms the sums [36, channels, columns] back to the gradient [3, 3, channels, filters]. */
function transformSums(
  sums: usize, patch: usize, out: usize, tall: bool, wide: bool, channels: i32, filters: i32,
): void {
  const row = <usize>columnsOf(filters) * 4
  const plane = row * channels
  const tap = <usize>channels * filters * 4
  const numbers = wide ? 6 : 4
  for (let c = 0; c < channels; c++) {
    for (let f: usize = 0; f < <usize>filters * 4; f += 16) {
      for (let x = 0; x < numbers; x++) filterGradientLine(tall, sums + f + x * plane, plane * 6, patch + x * 16, PATCH_LINE)
      for (let y = 0; y < 3; y++) filterGradientLine(wide, patch + y * PATCH_LINE, 16, out + f + y * 3 * tap, tap)
    }
    sums += row
    out += <usize>filters * 4
  }
}
