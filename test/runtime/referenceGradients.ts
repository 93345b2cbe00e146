// The textbook definitions in float64, and gradients of them by numerical differentiation.
import type { Random } from './onBackends.ts'

/** Where the windows of a convolution or pooling lie along one axis. */
export interface Axis {
  readonly size: number
  readonly out: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly before: number
}

/** The axis of a layer with padding `same` or `valid`, as TensorFlow defines them. */
export function windowAxis(
  size: number,
  kernel: number,
  stride: number,
  dilation: number,
  pad: 'same' | 'valid',
): Axis {
  const reach = (kernel - 1) * dilation + 1
  const out = pad === 'same' ? Math.ceil(size / stride) : Math.ceil((size - reach + 1) / stride)
  const before = pad === 'same' ? Math.floor(Math.max(0, (out - 1) * stride + reach - size) / 2) : 0
  return { size, out, kernel, stride, dilation, before }
}

/** A small random layer with windows: its sizes, and how its windows lie. */
export function randomLayer(random: Random, { dilated }: { dilated: boolean }) {
  const batch = random.pick([1, 2])
  const channels = random.pick([1, 2, 5])
  const pad = random.pick(['same', 'valid'] as const)
  const strides: [number, number] = dilated ? [1, 1] : [random.whole(1, 3), random.whole(1, 3)]
  const dilations: [number, number] = dilated ? [random.whole(1, 3), random.whole(1, 2)] : [1, 1]
  const axes = strides.map((stride, i): Axis => {
    const kernel = random.whole(1, 3)
    const size = (kernel - 1) * dilations[i]! + random.whole(1, 4)
    return windowAxis(size, kernel, stride, dilations[i]!, pad)
  })
  const [y, x] = axes as [Axis, Axis]
  const shape: [number, number, number, number] = [batch, y.size, x.size, channels]
  return { batch, channels, y, x, pad, strides, dilations, shape, what: JSON.stringify({ shape, y, x, pad }) }
}

/** The places inside of the image that a window covers, with their taps. */
function covered(axis: Axis, window: number): { tap: number; place: number }[] {
  return Array.from({ length: axis.kernel }, (_, tap) => ({
    tap,
    place: window * axis.stride - axis.before + tap * axis.dilation,
  })).filter(({ place }) => place >= 0 && place < axis.size)
}

/** Convolution of x [batch, y.size, x.size, channels] by a filter [y.kernel, x.kernel, channels, filters]. */
export function referenceConvolution(
  input: readonly number[],
  filter: readonly number[],
  { batch, channels, filters, y, x }: { batch: number; channels: number; filters: number; y: Axis; x: Axis },
): number[] {
  const out: number[] = []
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < y.out; oy++)
      for (let ox = 0; ox < x.out; ox++)
        for (let f = 0; f < filters; f++) {
          let sum = 0
          for (const { tap: ty, place: py } of covered(y, oy))
            for (const { tap: tx, place: px } of covered(x, ox))
              for (let c = 0; c < channels; c++)
                sum +=
                  input[((n * y.size + py) * x.size + px) * channels + c]! *
                  filter[((ty * x.kernel + tx) * channels + c) * filters + f]!
          out.push(sum)
        }
  return out
}

/** Depthwise convolution by a filter [y.kernel, x.kernel, channels, multiplier]. */
export function referenceDepthwise(
  input: readonly number[],
  filter: readonly number[],
  { batch, channels, multiplier, y, x }: { batch: number; channels: number; multiplier: number; y: Axis; x: Axis },
): number[] {
  const out: number[] = []
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < y.out; oy++)
      for (let ox = 0; ox < x.out; ox++)
        for (let c = 0; c < channels; c++)
          for (let m = 0; m < multiplier; m++) {
            let sum = 0
            for (const { tap: ty, place: py } of covered(y, oy))
              for (const { tap: tx, place: px } of covered(x, ox))
                sum +=
                  input[((n * y.size + py) * x.size + px) * channels + c]! *
                  filter[((ty * x.kernel + tx) * channels + c) * multiplier + m]!
            out.push(sum)
          }
  return out
}

/** Pooling of x [batch, y.size, x.size, channels]; padding does not count. */
export function referencePooling(
  input: readonly number[],
  kind: 'max' | 'average',
  { batch, channels, y, x }: { batch: number; channels: number; y: Axis; x: Axis },
): number[] {
  const out: number[] = []
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < y.out; oy++)
      for (let ox = 0; ox < x.out; ox++)
        for (let c = 0; c < channels; c++) {
          const values = covered(y, oy).flatMap(({ place: py }) =>
            covered(x, ox).map(({ place: px }) => input[((n * y.size + py) * x.size + px) * channels + c]!),
          )
          out.push(kind === 'max' ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / values.length)
        }
  return out
}

/** The gradient of the sum of `weights` times `f(at)`, by central differences. */
export function numericalGradient(
  f: (at: readonly number[]) => readonly number[],
  at: readonly number[],
  weights: readonly number[],
  step = 1e-5,
): number[] {
  const total = (point: readonly number[]) => f(point).reduce((sum, value, i) => sum + value * weights[i]!, 0)
  return at.map((value, i) => {
    const above = total(at.with(i, value + step))
    const below = total(at.with(i, value - step))
    return (above - below) / (2 * step)
  })
}
