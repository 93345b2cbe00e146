/** Computes how the window of a convolution or pooling layer moves over its input: sizes, strides, and the padding on each side. */
import type { ShapedNode } from '../../graph/shapes.ts'
import { samePadding, splitChannels } from '../../parts/layers/window.ts'
import { isFullyKnown } from '../../language/dims.ts'
import { layerDef } from '../../parts/layers/table.ts'

/** How the window moves along one axis. */
export interface WindowAxis {
  readonly input: number
  readonly output: number
  /** The number of values in the window; `dilation` is the distance between them. */
  readonly size: number
  readonly stride: number
  readonly dilation: number
  /** The zeros that are added before and after the input. */
  readonly before: number
  readonly after: number
}

export interface WindowFacts {
  readonly padding: string
  readonly axes: readonly WindowAxis[]
}

/** Returns undefined for layers without a window that moves over its input, and for sizes known only at run time. */
export function windowFactsOf(node: ShapedNode): WindowFacts | undefined {
  const { layer, inputShapes, shape } = node
  const options: Readonly<Record<string, unknown>> = layer.options
  const fields = layerDef(layer.type).receptiveFields?.(layer.options) ?? []
  const [image] = inputShapes
  const hasWindow = 'kernelSize' in options || 'poolSize' in options
  if (image === undefined || fields.length === 0 || !hasWindow) return undefined
  const format = options['dataFormat'] as Parameters<typeof splitChannels>[1]
  const [from, to] = [splitChannels(image, format).spatial, splitChannels(shape, format).spatial]
  if (!isFullyKnown(from) || !isFullyKnown(to)) return undefined
  const padding = typeof options['padding'] === 'string' ? options['padding'] : 'valid'
  const axes = fields.map(({ span, stride }, axis): WindowAxis => {
    const dilation = sizeAlong(options['dilationRate'], axis)
    const [input, output] = [from[axis]!, to[axis]!]
    const [first, last] = padding === 'valid' ? [0, 0] : samePadding(input, span, stride)
    const [before, after] = padding === 'causal' ? [first + last, 0] : [first, last]
    return { input, output, size: (span - 1) / dilation + 1, stride, dilation, before, after }
  })
  return { padding, axes }
}

function sizeAlong(option: unknown, axis: number): number {
  const size: unknown = Array.isArray(option) ? option[axis] : option
  return typeof size === 'number' ? size : 1
}
