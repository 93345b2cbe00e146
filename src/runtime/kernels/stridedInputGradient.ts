/**
 * The gradient of the input of a 2D convolution with strides. The pixels of the input that lie at the same place between two
 * windows are a phase; a stride of 2 has 2 x 2 phases. The gradient of a phase is a convolution of dy with stride 1 by those
 * taps of the filter that meet the phase. Spreading dy out with zeros instead takes four times the products for a stride of 2.
 */
import * as tf from '@tensorflow/tfjs'
import type { ConvolutionSizes } from './convolutionSizes.ts'
import type { KernelContext } from './kernelContext.ts'
import { panelWidth } from './panels.ts'

/** One axis of a phase. */
interface Phase {
  /** The first pixel of the input, and the number of its pixels, which are `stride` apart. */
  readonly first: number
  readonly count: number
  /** The first tap of the filter, and the number of its taps, which are `stride` apart. */
  readonly firstTap: number
  readonly taps: number
  /** The place in dy where the window of the first pixel starts; negative in the padding. */
  readonly start: number
}

/** The phases of one axis, and the padded size of dy that contains all their windows. */
interface Axis {
  readonly phases: readonly Phase[]
  readonly before: number
  readonly padded: number
}

/** Computes dx [batch, height, width, channels] for a convolution without dilation. */
export function stridedInputGradient(
  context: KernelContext,
  forward: ConvolutionSizes,
  dy: tf.TensorInfo,
  filter: tf.TensorInfo,
): tf.TensorInfo {
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = forward
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = forward
  const rows = splitAxis(inHeight, outHeight, filterHeight, strideHeight, padInfo.top)
  const columns = splitAxis(inWidth, outWidth, filterWidth, strideWidth, padInfo.left)
  const { module } = context
  const out = context.output(forward.inShape)
  // A stride that exceeds the filter leaves pixels that no window reads.
  if (strideHeight > filterHeight || strideWidth > filterWidth) context.fillZeros(out)

  const images = context.scratch('padded', batchSize * rows.padded * columns.padded * outChannels)
  const given = [batchSize, outHeight, outWidth, outChannels] as const
  module.padImages(
    context.address(dy),
    images,
    ...given,
    rows.padded,
    columns.padded,
    rows.before,
    columns.before,
    1,
    1,
  )
  const panels = context.scratch('packed', filterHeight * filterWidth * outChannels * panelWidth(inChannels))
  const filterSizes = [filterHeight, filterWidth, inChannels, outChannels] as const
  for (const row of rows.phases) {
    for (const column of columns.phases) {
      const taps = [row.firstTap, column.firstTap, strideHeight, strideWidth] as const
      module.packFlippedFilter(context.address(filter), panels, ...filterSizes, ...taps)
      const windows = context.scratch('rows', batchSize * row.count * column.count)
      const pixel = (rows.before + row.start) * columns.padded + columns.before + column.start
      const padded = [batchSize, rows.padded, columns.padded, outChannels] as const
      module.windowRows(windows, images + pixel * outChannels * 4, ...padded, row.count, column.count, 1, 1)
      const phase = context.scratch('phase', batchSize * row.count * column.count * inChannels)
      const spans = [row.taps, columns.padded * outChannels * 4, 1, 0, column.taps * outChannels] as const
      module.multiplyRows(windows, batchSize * row.count * column.count, panels, 0, phase, inChannels, ...spans, 0)
      const made = [batchSize, row.count, column.count, inChannels] as const
      const placed = [row.first, column.first, strideHeight, strideWidth] as const
      module.placeImages(phase, context.address(out), ...made, inHeight, inWidth, ...placed)
    }
  }
  return out
}

/** The phases of an axis that have pixels and taps. */
function splitAxis(size: number, outSize: number, filterSize: number, stride: number, padding: number): Axis {
  const phases = Array.from({ length: Math.min(stride, filterSize) }, (_, firstTap): Phase => {
    const first = (((firstTap - padding) % stride) + stride) % stride
    const taps = Math.ceil((filterSize - firstTap) / stride)
    const start = (first + padding - firstTap) / stride - (taps - 1)
    return { first, count: Math.ceil((size - first) / stride), firstTap, taps, start }
  }).filter(({ count }) => count > 0)
  const before = Math.max(0, ...phases.map(({ start }) => -start))
  const after = Math.max(outSize, ...phases.map(({ start, count, taps }) => start + count + taps - 1))
  return { phases, before, padded: before + after }
}
