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
  for (let column = 0; column < columns; column += 8) {
    const count = min(8, columns - column)
    for (let k = 0; k < depth; k++) {
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
