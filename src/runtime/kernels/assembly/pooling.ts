/** 2D average pooling and the gradients of 2D pooling. */

/**
 * The gradient of max pooling's input [batch, height, width, channels]. Each `dy` [batch, outHeight, outWidth, channels]
 * is added to the first of its window's largest values; if a window has only NaN and -Infinity, it is dropped.
 */
export function maxPoolGradient(
  input: usize, dy: usize, out: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  poolHeight: i32, poolWidth: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels * 4
  const line = <usize>width * pixel
  const areInside = top == 0 && left == 0 && outHeight * 2 <= height && outWidth * 2 <= width
  const areTwoByTwo = poolHeight == 2 && poolWidth == 2 && strideY == 2 && strideX == 2 && (channels & 3) == 0
  if (areInside && areTwoByTwo) {
    twoByTwoGradient(input, dy, out, batch, height, line, pixel, outHeight, outWidth)
    return
  }
  memory.fill(out, 0, <usize>batch * height * line)
  for (let n = 0; n < batch; n++) {
    for (let outY = 0; outY < outHeight; outY++) {
      const y0 = max(0, outY * strideY - top)
      const y1 = min(height, outY * strideY - top + poolHeight)
      for (let outX = 0; outX < outWidth; outX++) {
        const x0 = max(0, outX * strideX - left)
        const x1 = min(width, outX * strideX - left + poolWidth)
        const window = (<usize>n * height + y0) * line + x0 * pixel
        const rows = max(0, y1 - y0)
        const columns = max(0, x1 - x0)
        let c: usize = 0
        for (; c + 16 <= pixel; c += 16) {
          sendToLargest(input + window + c, out + window + c, v128.load(dy + c), rows, columns, line, pixel)
        }
        for (; c < pixel; c += 4) {
          let largest: f32 = -Infinity
          let at: usize = 0
          for (let y = 0; y < rows; y++) {
            for (let x = 0; x < columns; x++) {
              const offset = window + c + y * line + x * pixel
              const value = f32.load(input + offset)
              if (value > largest) {
                largest = value
                at = out + offset
              }
            }
          }
          if (at) f32.store(at, f32.load(at) + f32.load(dy + c))
        }
        dy += pixel
      }
    }
  }
}

/**
 * The gradient of max pooling by windows of 2 x 2 that do not overlap, for channels in groups of four. It writes each element
 * once; only the rest of lines and columns that no window covers is filled with zeros before.
 */
function twoByTwoGradient(
  input: usize, dy: usize, out: usize,
  batch: i32, height: i32, line: usize, pixel: usize, outHeight: i32, outWidth: i32,
): void {
  if (outHeight * 2 != height || outWidth * 2 * pixel != line) {
    memory.fill(out, 0, <usize>batch * height * line)
  }
  const least = f32x4.splat(-Infinity)
  for (let n = 0; n < batch; n++) {
    for (let outY = 0; outY < outHeight; outY++) {
      let window = (<usize>n * height + outY * 2) * line
      for (const end = window + outWidth * 2 * pixel; window < end; window += pixel * 2) {
        for (let c: usize = 0; c < pixel; c += 16) {
          const from = input + window + c, to = out + window + c
          const v0 = v128.load(from), v1 = v128.load(from + pixel)
          const v2 = v128.load(from + line), v3 = v128.load(from + line + pixel)
          const is0 = f32x4.gt(v0, least), largest0 = v128.bitselect(v0, least, is0)
          const is1 = f32x4.gt(v1, largest0), largest1 = v128.bitselect(v1, largest0, is1)
          const is2 = f32x4.gt(v2, largest1), is3 = f32x4.gt(v3, v128.bitselect(v2, largest1, is2))
          // The last of these comparisons that holds belongs to the first of the largest values.
          let share = v128.load(dy + c)
          v128.store(to + line + pixel, v128.and(share, is3))
          share = v128.andnot(share, is3)
          v128.store(to + line, v128.and(share, is2))
          share = v128.andnot(share, is2)
          v128.store(to + pixel, v128.and(share, is1))
          v128.store(to, v128.and(v128.andnot(share, is1), is0))
        }
        dy += pixel
      }
    }
  }
}

/** Adds `dy` to the largest input of a window, for four channels: finds its index in the window, then adds at that index. */
// @ts-ignore: decorator
@inline
function sendToLargest(
  input: usize, out: usize, dy: v128, rows: i32, columns: i32, line: usize, pixel: usize,
): void {
  let largest = f32x4.splat(-Infinity)
  let place = i32x4.splat(-1)
  let number = 0
  for (let y = 0; y < rows; y++) {
    let at = input + y * line
    for (let x = 0; x < columns; x++) {
      const value = v128.load(at)
      const larger = f32x4.gt(value, largest)
      largest = v128.bitselect(value, largest, larger)
      place = v128.bitselect(i32x4.splat(number++), place, larger)
      at += pixel
    }
  }
  number = 0
  for (let y = 0; y < rows; y++) {
    let at = out + y * line
    for (let x = 0; x < columns; x++) {
      const share = v128.and(dy, i32x4.eq(place, i32x4.splat(number++)))
      v128.store(at, f32x4.add(v128.load(at), share))
      at += pixel
    }
  }
}

/** The mean of each window of an input [batch, height, width, channels], without the padding. */
export function averagePool(
  input: usize, out: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  poolHeight: i32, poolWidth: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels * 4
  memory.fill(out, 0, <usize>batch * outHeight * outWidth * pixel)
  for (let n = 0; n < batch; n++) {
    for (let outY = 0; outY < outHeight; outY++) {
      const y0 = max(0, outY * strideY - top)
      const y1 = min(height, outY * strideY - top + poolHeight)
      for (let outX = 0; outX < outWidth; outX++) {
        const x0 = max(0, outX * strideX - left)
        const x1 = min(width, outX * strideX - left + poolWidth)
        const share: f32 = 1 / <f32>((y1 - y0) * (x1 - x0))
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            addScaled(out, input + ((<usize>n * height + y) * width + x) * pixel, share, pixel)
          }
        }
        out += pixel
      }
    }
  }
}

/**
 * The gradient of average pooling's input [batch, height, width, channels]: each `dy` is divided equally among the
 * window's inputs, without the padding, as in the forward pass.
 */
export function averagePoolGradient(
  dy: usize, out: usize,
  batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  poolHeight: i32, poolWidth: i32, strideY: i32, strideX: i32, top: i32, left: i32,
): void {
  const pixel = <usize>channels * 4
  memory.fill(out, 0, <usize>batch * height * width * pixel)
  for (let n = 0; n < batch; n++) {
    for (let outY = 0; outY < outHeight; outY++) {
      const y0 = max(0, outY * strideY - top)
      const y1 = min(height, outY * strideY - top + poolHeight)
      for (let outX = 0; outX < outWidth; outX++) {
        const x0 = max(0, outX * strideX - left)
        const x1 = min(width, outX * strideX - left + poolWidth)
        const share: f32 = 1 / <f32>((y1 - y0) * (x1 - x0))
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            addScaled(out + ((<usize>n * height + y) * width + x) * pixel, dy, share, pixel)
          }
        }
        dy += pixel
      }
    }
  }
}

/** target += source * factor, over `bytes` of floats. */
// @ts-ignore: decorator
@inline
function addScaled(target: usize, source: usize, factor: f32, bytes: usize): void {
  const factors = f32x4.splat(factor)
  let c: usize = 0
  for (; c + 16 <= bytes; c += 16) {
    v128.store(target + c, f32x4.add(v128.load(target + c), f32x4.mul(v128.load(source + c), factors)))
  }
  for (; c < bytes; c += 4) {
    f32.store(target + c, f32.load(target + c) + f32.load(source + c) * factor)
  }
}
