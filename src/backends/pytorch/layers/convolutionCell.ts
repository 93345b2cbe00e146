/** The cell of a long short-term memory whose kernels are convolutions. */
import type { Shape } from '../../../language/dims.ts'
import { printCall } from '../expression.ts'
import { windowOf } from './convolutions.ts'
import { printTuple } from './form.ts'
import { paddingOf } from './padding.ts'
import { printCellOptions } from './cellOptions.ts'

type ConvolutionCell = Parameters<typeof windowOf>[0] &
  Parameters<typeof printCellOptions>[0] & { readonly filters: number }

/** Prints the cell for a sequence of images; its padding is stated for each side. */
export function printConvolutionCell(options: ConvolutionCell, [, ...image]: Shape): string {
  const window = windowOf(options, image, 2)
  const { channels, kernel, strides, rates } = window
  const pairs = options.padding === 'same' ? paddingOf(window) : undefined
  const padding = pairs?.toReversed().flat()
  return printCall('ConvLSTMCell', [`${channels}`, `${options.filters}`, printTuple(kernel)], {
    stride: strides.some((stride) => stride > 1) ? printTuple(strides) : undefined,
    padding: padding?.some((size) => size > 0) === true ? printTuple(padding) : undefined,
    dilation: rates.some((rate) => rate > 1) ? printTuple(rates) : undefined,
    ...printCellOptions(options),
  })
}
