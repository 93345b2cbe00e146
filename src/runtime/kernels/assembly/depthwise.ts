/** Depthwise 2D convolution and its gradients. */
import { multiplyAdd } from './lanes'

/**
 * Depthwise convolution of padded images [batch, height, width, channels] by a filter
 * [filterHeight, filterWidth, channels, multiplier] to [batch, outHeight, outWidth, channels * multiplier].
 */
export function depthwise(
  images: usize, filter: usize, out: usize,
  batch: i32, height: i32, width: i32, channels: i32, multiplier: i32,
  filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32,
  outHeight: i32, outWidth: i32,
): void {
  const pixel = <usize>channels * 4
  const lineStep = <usize>dilationY * width * pixel
  const tapStep = <usize>dilationX * pixel
  const filterStep = pixel * multiplier
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outHeight; y++) {
      let window = images + (<usize>n * height + y * strideY) * width * pixel
      for (let x = 0; x < outWidth; x++) {
        if (multiplier == 1) {
          let c: usize = 0
          for (; c + 64 <= pixel; c += 64) {
            // Four independent sums: in a single one, each addition would wait for the one before.
            let sum0 = f32x4.splat(0)
            let sum1 = sum0, sum2 = sum0, sum3 = sum0
            let weights = filter + c
            for (let fy = 0; fy < filterHeight; fy++) {
              let at = window + c + fy * lineStep
              for (let fx = 0; fx < filterWidth; fx++) {
                sum0 = multiplyAdd(sum0, v128.load(at, 0), v128.load(weights, 0))
                sum1 = multiplyAdd(sum1, v128.load(at, 16), v128.load(weights, 16))
                sum2 = multiplyAdd(sum2, v128.load(at, 32), v128.load(weights, 32))
                sum3 = multiplyAdd(sum3, v128.load(at, 48), v128.load(weights, 48))
                at += tapStep
                weights += filterStep
              }
            }
            v128.store(out + c, sum0, 0)
            v128.store(out + c, sum1, 16)
            v128.store(out + c, sum2, 32)
            v128.store(out + c, sum3, 48)
          }
          for (; c + 16 <= pixel; c += 16) {
            let sum = f32x4.splat(0)
            let weights = filter + c
            for (let fy = 0; fy < filterHeight; fy++) {
              let at = window + c + fy * lineStep
              for (let fx = 0; fx < filterWidth; fx++) {
                sum = multiplyAdd(sum, v128.load(at), v128.load(weights))
                at += tapStep
                weights += filterStep
              }
            }
            v128.store(out + c, sum)
          }
          for (; c < pixel; c += 4) {
            f32.store(out + c, windowSum(window + c, filter + c, filterHeight, filterWidth, lineStep, tapStep, filterStep))
          }
        } else {
          let weights = filter
          let target = out
          for (let c: usize = 0; c < pixel; c += 4) {
            for (let m = 0; m < multiplier; m++) {
              f32.store(target, windowSum(window + c, weights, filterHeight, filterWidth, lineStep, tapStep, filterStep))
              weights += 4
              target += 4
            }
          }
        }
        out += filterStep
        window += <usize>strideX * pixel
      }
    }
  }
}

/** One output of a depthwise convolution. */
function windowSum(
  window: usize, weights: usize,
  filterHeight: i32, filterWidth: i32, lineStep: usize, tapStep: usize, filterStep: usize,
): f32 {
  let sum: f32 = 0
  for (let fy = 0; fy < filterHeight; fy++) {
    let at = window + fy * lineStep
    for (let fx = 0; fx < filterWidth; fx++) {
      sum += f32.load(at) * f32.load(weights)
      at += tapStep
      weights += filterStep
    }
  }
  return sum
}

/** The windows that are summed before the next tap, few enough that the data they read stays in the first-level cache. */
const BLOCK = 64

/**
 * The gradient of a depthwise convolution's filter [filterHeight, filterWidth, channels, multiplier]: for each tap the
 * sum over all windows of its input times `dy` [batch, outHeight, outWidth, channels * multiplier].
 *
 * @param windows the table of the windows' start addresses [count], see windowRows
 */
export function depthwiseFilterGradient(
  windows: usize, count: i32, dy: usize, out: usize, width: i32, channels: i32, multiplier: i32,
  filterHeight: i32, filterWidth: i32, dilationY: i32, dilationX: i32,
): void {
  const dyStep = <usize>channels * multiplier * 4
  memory.fill(out, 0, dyStep * filterHeight * filterWidth)
  for (let block = 0; block < count; block += BLOCK) {
    const end = windows + min(BLOCK, count - block) * 4
    let sums = out
    for (let fy = 0; fy < filterHeight; fy++) {
      for (let fx = 0; fx < filterWidth; fx++) {
        const tap = (<usize>fy * dilationY * width + fx * dilationX) * channels * 4
        addTap(windows, end, tap, dy, sums, channels, multiplier)
        sums += dyStep
      }
    }
    windows = end
    dy += dyStep * BLOCK
  }
}

/** Adds the contribution of a block of windows to one tap's sums [channels, multiplier]. */
function addTap(
  windows: usize, end: usize, tap: usize, dy: usize, sums: usize, channels: i32, multiplier: i32,
): void {
  const dyStep = <usize>channels * multiplier * 4
  let c = 0
  if (multiplier == 1) {
    for (; c + 16 <= channels; c += 16) addSixteenChannels(windows, end, tap + c * 4, dy + c * 4, dyStep, sums + c * 4)
    for (; c + 4 <= channels; c += 4) {
      let sum = v128.load(sums + c * 4)
      let right = dy + c * 4
      for (let row = windows; row < end; row += 4) {
        sum = multiplyAdd(sum, v128.load(load<usize>(row) + tap + c * 4), v128.load(right))
        right += dyStep
      }
      v128.store(sums + c * 4, sum)
    }
  }
  for (; c < channels; c++) {
    for (let m = 0; m < multiplier; m++) {
      const place = (c * multiplier + m) * 4
      let sum = f32.load(sums + place)
      let right = dy + place
      for (let row = windows; row < end; row += 4) {
        sum += f32.load(load<usize>(row) + tap + c * 4) * f32.load(right)
        right += dyStep
      }
      f32.store(sums + place, sum)
    }
  }
}

/** addTap for sixteen channels, in four independent sums. */
function addSixteenChannels(windows: usize, end: usize, tap: usize, dy: usize, dyStep: usize, sums: usize): void {
  let sum0 = v128.load(sums, 0), sum1 = v128.load(sums, 16)
  let sum2 = v128.load(sums, 32), sum3 = v128.load(sums, 48)
  for (; windows < end; windows += 4) {
    const at = load<usize>(windows) + tap
    sum0 = multiplyAdd(sum0, v128.load(at, 0), v128.load(dy, 0))
    sum1 = multiplyAdd(sum1, v128.load(at, 16), v128.load(dy, 16))
    sum2 = multiplyAdd(sum2, v128.load(at, 32), v128.load(dy, 32))
    sum3 = multiplyAdd(sum3, v128.load(at, 48), v128.load(dy, 48))
    dy += dyStep
  }
  v128.store(sums, sum0, 0)
  v128.store(sums, sum1, 16)
  v128.store(sums, sum2, 32)
  v128.store(sums, sum3, 48)
}

/**
 * The gradient of a depthwise convolution's padded input [batch, height, width, channels] for any channel multiplier:
 * adds each output's `dy` times the filter to its window. (With a multiplier of 1, `depthwise` with the rotated filter
 * is faster.)
 */
export function depthwiseScatter(
  filter: usize, dy: usize, out: usize,
  batch: i32, height: i32, width: i32, channels: i32, multiplier: i32,
  filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32,
  outHeight: i32, outWidth: i32,
): void {
  memory.fill(out, 0, <usize>batch * height * width * channels * 4)
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < outHeight; y++) {
      for (let x = 0; x < outWidth; x++) {
        let weights = filter
        for (let fy = 0; fy < filterHeight; fy++) {
          for (let fx = 0; fx < filterWidth; fx++) {
            const inY = y * strideY + fy * dilationY
            const inX = x * strideX + fx * dilationX
            let target = out + ((<usize>n * height + inY) * width + inX) * channels * 4
            let right = dy
            for (let c = 0; c < channels; c++) {
              let sum = f32.load(target)
              for (let m = 0; m < multiplier; m++) {
                sum += f32.load(weights) * f32.load(right)
                weights += 4
                right += 4
              }
              f32.store(target, sum)
              target += 4
            }
          }
        }
        dy += <usize>channels * multiplier * 4
      }
    }
  }
}
