/** Copies images and matrices into the layouts that the kernels read. */

/** placeImages into images filled with zeros. */
export function padImages(
  from: usize, to: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  toHeight: i32, toWidth: i32, top: i32, left: i32, stepY: i32, stepX: i32,
): void {
  memory.fill(to, 0, <usize>batch * toHeight * toWidth * channels * 4)
  placeImages(from, to, batch, height, width, channels, toHeight, toWidth, top, left, stepY, stepX)
}

/**
 * Copies images [batch, height, width, channels] into larger or smaller images: pixel (y, x) moves to
 * (top + y * stepY, left + x * stepX). Pixels that fall outside are dropped; pixels between them are kept.
 */
export function placeImages(
  from: usize, to: usize,
  batch: i32, height: i32, width: i32, channels: i32,
  toHeight: i32, toWidth: i32, top: i32, left: i32, stepY: i32, stepX: i32,
): void {
  const pixel = <usize>channels * 4
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < height; y++) {
      const toY = top + y * stepY
      if (toY < 0 || toY >= toHeight) continue
      const source = from + (<usize>n * height + y) * width * pixel
      const target = to + (<usize>n * toHeight + toY) * toWidth * pixel
      if (stepX == 1) {
        const first = max(0, -left)
        const last = min(width, toWidth - left)
        if (last > first) copyFloats(source + first * pixel, target + (left + first) * pixel, (last - first) * channels)
      } else {
        for (let x = 0; x < width; x++) {
          const toX = left + x * stepX
          if (toX >= 0 && toX < toWidth) copyFloats(source + x * pixel, target + toX * pixel, channels)
        }
      }
    }
  }
}

/**
 * Packs a matrix [depth, columns] into panels of eight columns: [ceil(columns / 8), depth, 8], padded with zeros.
 * `rowStep` and `columnStep` are the distances between its rows and columns in elements; swapping them transposes it.
 */
export function packPanels(from: usize, to: usize, depth: i32, columns: i32, rowStep: i32, columnStep: i32): void {
  const panel = <usize>depth * 32
  let column = 0
  if (columnStep == 1) {
    // Four panels at once read whole cache lines.
    for (; column + 32 <= columns; column += 32) {
      let source = from + <usize>column * 4
      for (let k = 0; k < depth; k++) {
        for (let part: usize = 0; part < 4; part++) {
          v128.store(to + part * panel, v128.load(source + part * 32))
          v128.store(to + part * panel, v128.load(source + part * 32, 16), 16)
        }
        source += <usize>rowStep * 4
        to += 32
      }
      to += panel * 3
    }
  }
  for (; column < columns; column += 8) {
    const count = min(8, columns - column)
    let k = 0
    if (count == 8 && rowStep == 1) {
      for (; k + 4 <= depth; k += 4) {
        const source = from + (<usize>k + <usize>column * columnStep) * 4
        packTransposed(source, to, <usize>columnStep * 4, 32)
        packTransposed(source + <usize>columnStep * 16, to + 16, <usize>columnStep * 4, 32)
        to += 128
      }
    }
    for (; k < depth; k++) {
      const source = from + (<usize>k * rowStep + <usize>column * columnStep) * 4
      if (count == 8 && columnStep == 1) {
        v128.store(to, v128.load(source))
        v128.store(to, v128.load(source, 16), 16)
      } else {
        packEight(source, to, count, columnStep)
      }
      to += 32
    }
  }
}

/**
 * Packs up to sixteen columns of a matrix: [depth, 16], padded with zeros. `rowStep` and `columnStep` are as in packPanels.
 */
export function packSixteen(from: usize, to: usize, depth: i32, columns: i32, rowStep: i32, columnStep: i32): void {
  const rowBytes = <usize>rowStep * 4
  const columnBytes = <usize>columnStep * 4
  if (columns == 16 && columnStep == 1) {
    for (; depth > 0; depth--) {
      v128.store(to, v128.load(from)), v128.store(to, v128.load(from, 16), 16)
      v128.store(to, v128.load(from, 32), 32), v128.store(to, v128.load(from, 48), 48)
      from += rowBytes
      to += 64
    }
    return
  }
  if (columns == 16 && rowStep == 1) {
    for (; depth >= 4; depth -= 4) {
      for (let column: usize = 0; column < 16; column += 4) {
        packTransposed(from + column * columnBytes, to + column * 4, columnBytes, 64)
      }
      from += 16
      to += 256
    }
  }
  for (; depth > 0; depth--) {
    packEight(from, to, min(8, columns), columnStep)
    packEight(from + columnBytes * 8, to + 32, columns - 8, columnStep)
    from += rowBytes
    to += 64
  }
}

/**
 * Packs a matrix [rows, depth] into pairs of rows: [ceil(rows / 2), depth, 2]. The last row of an odd number is repeated.
 * `rowStep` and `columnStep` are as in packPanels.
 */
export function packPairs(from: usize, to: usize, rows: i32, depth: i32, rowStep: i32, columnStep: i32): void {
  const columnBytes = <usize>columnStep * 4
  for (let row = 0; row < rows; row += 2) {
    let first = from + <usize>row * rowStep * 4
    const distance = row + 1 < rows ? <usize>rowStep * 4 : 0
    if (distance == 4) {
      for (let k = 0; k < depth; k++) {
        store<u64>(to, load<u64>(first))
        first += columnBytes
        to += 8
      }
    } else {
      let k = 0
      if (columnBytes == 4) {
        for (; k + 4 <= depth; k += 4) {
          const a = v128.load(first), b = v128.load(first + distance)
          v128.store(to, v128.shuffle<f32>(a, b, 0, 4, 1, 5)), v128.store(to, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16)
          first += 16
          to += 32
        }
      }
      for (; k < depth; k++) {
        store<u32>(to, load<u32>(first))
        store<u32>(to, load<u32>(first + distance), 4)
        first += columnBytes
        to += 8
      }
    }
  }
}

/**
 * Packs a filter [filterHeight, filterWidth, channels, filters] into panels of eight channels, rotated by 180 degrees and
 * with channels and filters swapped: the convolution of dy by this filter is the gradient of a convolution's input. Packs
 * only the taps (firstY + i * stepY, firstX + j * stepX).
 */
export function packFlippedFilter(
  filter: usize, to: usize,
  filterHeight: i32, filterWidth: i32, channels: i32, filters: i32,
  firstY: i32, firstX: i32, stepY: i32, stepX: i32,
): void {
  const lastY = filterHeight - 1 - (filterHeight - 1 - firstY) % stepY
  const lastX = filterWidth - 1 - (filterWidth - 1 - firstX) % stepX
  for (let channel = 0; channel < channels; channel += 8) {
    const count = min(8, channels - channel)
    for (let y = lastY; y >= firstY; y -= stepY) {
      for (let x = lastX; x >= firstX; x -= stepX) {
        const source = filter + ((<usize>y * filterWidth + x) * channels + channel) * filters * 4
        for (let k = 0; k < filters; k++) {
          packEight(source + k * 4, to, count, filters)
          to += 32
        }
      }
    }
  }
}

/** Writes the transposed block of 4 x 4 floats: reads columns of four floats, and writes their rows. */
// @ts-ignore: decorator
@inline
function packTransposed(from: usize, to: usize, columnBytes: usize, rowBytes: usize): void {
  const a = v128.load(from), b = v128.load(from + columnBytes)
  const c = v128.load(from + columnBytes * 2), d = v128.load(from + columnBytes * 3)
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5), abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(to, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5))
  v128.store(to + rowBytes, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7))
  v128.store(to + rowBytes * 2, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5))
  v128.store(to + rowBytes * 3, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7))
}

/** Gathers `count` floats, `step` elements apart, and pads them with zeros to eight. */
function packEight(from: usize, to: usize, count: i32, step: i32): void {
  let i = 0
  for (; i < count; i++) f32.store(to + i * 4, f32.load(from + <usize>i * step * 4))
  for (; i < 8; i++) f32.store(to + i * 4, 0)
}

/** Copies floats by vectors. For runs as short as a few pixels, this is much faster than memory.copy. */
function copyFloats(from: usize, to: usize, count: i32): void {
  let i = 0
  for (; i + 4 <= count; i += 4) v128.store(to + i * 4, v128.load(from + i * 4))
  for (; i < count; i++) f32.store(to + i * 4, f32.load(from + i * 4))
}
