import * as tf from '@tensorflow/tfjs'

/**
 * A kernel with zeros between its taps: the convolution by it is the dilated one.
 *
 * @param kernel Its spatial axes come first, then two of channels.
 * @param rates The distance between its taps, axis by axis.
 * @param spans The sizes of the result; where they are larger than the taps reach, it ends in zeros.
 */
export function dilateKernel(kernel: tf.Tensor, rates: readonly number[], spans: readonly number[]): tf.Tensor {
  return rates.reduce((spread, rate, axis) => {
    const { shape } = spread
    const sizeOf = (start: number, end?: number) => tf.util.sizeFromShape(shape.slice(start, end))
    const [before, size, after] = [sizeOf(0, axis), shape[axis]!, sizeOf(axis + 1)]
    const reach = (size - 1) * rate + 1
    const span = spans[axis]!
    if (rate === 1 && span === size) return spread
    // Each tap with the zeros after it, without those after the last one, and then up to the whole span.
    const taps = pad3d(spread.reshape([before * size, 1, after]), rate - 1)
    const dilated = taps.reshape([before, size * rate, after]).slice([0, 0, 0], [before, reach, after])
    return pad3d(dilated, span - reach).reshape(shape.map((length, index) => (index === axis ? span : length)))
  }, kernel)
}

function pad3d(values: tf.Tensor, count: number): tf.Tensor {
  return count === 0
    ? values
    : values.pad([
        [0, 0],
        [0, count],
        [0, 0],
      ])
}
