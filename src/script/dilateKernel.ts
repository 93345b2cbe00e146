import * as tf from '@tensorflow/tfjs'

/**
 * Inserts zeros between the taps of a kernel: the convolution by it equals the dilated convolution.
 *
 * @param kernel [...spatial axes, channels, filters]
 * @param rates The dilation rate of each spatial axis.
 * @param spans The spatial sizes of the result; zeros are appended up to these sizes.
 */
export function dilateKernel(kernel: tf.Tensor, rates: readonly number[], spans: readonly number[]): tf.Tensor {
  return rates.reduce((spread, rate, axis) => {
    const { shape } = spread
    const sizeOf = (start: number, end?: number) => tf.util.sizeFromShape(shape.slice(start, end))
    const [before, size, after] = [sizeOf(0, axis), shape[axis]!, sizeOf(axis + 1)]
    const reach = (size - 1) * rate + 1
    const span = spans[axis]!
    if (rate === 1 && span === size) return spread
    // Adds rate - 1 zeros after each tap, removes those after the last tap, then pads to the span.
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
