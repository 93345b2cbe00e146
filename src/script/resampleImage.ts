/** Resamples images as Pillow does. */

/** A region of an image, in possibly fractional pixels. */
export interface ImageRegion {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** An image with 8 bits per channel, row by row, the channels of a pixel side by side. */
export interface PixelRows {
  readonly pixels: Uint8Array
  readonly height: number
  readonly width: number
}

/**
 * Resamples a region to a height and width with half-pixel centers: bicubic (a = -0.5) along enlarged axes, Lanczos with 3
 * lobes, scaled to the pixels of the result, along reduced ones. Bit-identical to Pillow (src/libImaging/Resample.c), with
 * fixed-point weights, columns before rows, and rounding to 8 bits after each.
 */
export function resampleImage(
  { pixels, height, width }: PixelRows,
  channels: number,
  region: ImageRegion,
  to: readonly [number, number],
): Uint8Array {
  const columns = resamplingWeights(width, region.left, region.width, to[1])
  const rows = resamplingWeights(height, region.top, region.height, to[0])
  const narrowed = resampleAxis(pixels, { outer: height, length: width, inner: channels }, columns)
  return resampleAxis(narrowed, { outer: 1, length: height, inner: to[1] * channels }, rows)
}

/** For each position of the result: the first input position that it reads, and the weights from there on. */
type ResamplingWeights = readonly { readonly first: number; readonly weights: Int32Array }[]

/** Weights are multiples of 2^-22, so that sums of 8-bit values fit into 32 bits. */
const weightBits = 22

function resamplingWeights(size: number, start: number, length: number, count: number): ResamplingWeights {
  const scale = length / count
  const stretch = Math.max(scale, 1)
  const filter = scale < 1 ? cubicFilter : lanczosFilter
  const support = filter.support * stretch
  return Array.from({ length: count }, (_, place) => {
    const center = start + (place + 0.5) * scale
    const first = Math.max(0, Math.trunc(center - support + 0.5))
    const end = Math.min(size, Math.trunc(center + support + 0.5))
    const exact = Array.from({ length: end - first }, (_unused, tap) =>
      filter.at((first + tap - center + 0.5) / stretch),
    )
    const sum = exact.reduce((total, weight) => total + weight, 0)
    const fixed = exact.map((weight) => {
      const scaled = (weight / sum) * 2 ** weightBits
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    })
    return { first, weights: Int32Array.from(fixed) }
  })
}

interface ResamplingFilter {
  /** Half of the filter's width, in pixels. */
  readonly support: number
  at(distance: number): number
}

const cubicFilter: ResamplingFilter = {
  support: 2,
  at(distance) {
    const x = Math.abs(distance)
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0
  },
}

const lanczosFilter: ResamplingFilter = {
  support: 3,
  at: (distance) => (distance >= -3 && distance < 3 ? normalizedSinc(distance) * normalizedSinc(distance / 3) : 0),
}

function normalizedSinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

/** Resamples the middle of three axes. */
function resampleAxis(
  values: Uint8Array,
  { outer, length, inner }: { readonly outer: number; readonly length: number; readonly inner: number },
  places: ResamplingWeights,
): Uint8Array {
  // Clamps to 0..255; the sums are integers, so it never rounds.
  const result = new Uint8ClampedArray(outer * places.length * inner)
  for (let row = 0, to = 0; row < outer; row++) {
    for (const { first, weights } of places) {
      const from = (row * length + first) * inner
      for (let column = 0; column < inner; column++, to++) {
        let sum = 1 << (weightBits - 1)
        for (let tap = 0, at = from + column; tap < weights.length; tap++, at += inner)
          sum += values[at]! * weights[tap]!
        result[to] = sum >> weightBits
      }
    }
  }
  return new Uint8Array(result.buffer)
}
