/** The arithmetic of windows that slide over axes: convolutions and pooling. */
import { kernelExceedsInput } from '../../diagnostics/shapeMessages.ts'
import { addDim, ceilDivide, floorDivide, formatDim, isKnown, type Dim, type Shape } from '../../language/dims.ts'
import {
  ok,
  problem,
  type LayerProblem,
  type Result,
  type ReceptiveField,
  type Suggestion,
} from '../../language/layerDef.ts'

/** The number of axes that a window slides over. */
export type SlidingAxes = 1 | 2 | 3

/** The inputs that a window slides over, by the number of its axes. */
export const slidingInputs = { 1: 'sequence', 2: 'image', 3: 'volume' } as const

/** The description of the sizes of a window. */
export function describeSizes(window: 'kernel' | 'window', axes: SlidingAxes): string {
  return {
    1: `Length of the ${window}.`,
    2: `Height and width of the ${window}, or one number for both.`,
    3: `Depth, height and width of the ${window}, or one number for all.`,
  }[axes]
}

export interface Window {
  /** The option that gives the window's size, for messages: `kernelSize` or `poolSize`. */
  readonly option: string
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padding: 'valid' | 'same' | 'causal'
}

/**
 * The sizes of the output, axis by axis: ⌊(size - span) / stride⌋ + 1 for `valid`, ⌈size / stride⌉ for `same` and `causal`,
 * where a dilated window spans (kernel - 1) · dilation + 1 (TensorFlow, "Convolution" in the API guide of tf.nn).
 */
export function slideWindow(sizes: Shape, window: Window): Result<Shape> {
  const output: Dim[] = []
  for (const [axis, size] of sizes.entries()) {
    const stride = window.strides[axis]!
    const span = (window.sizes[axis]! - 1) * window.dilations[axis]! + 1
    if (window.padding !== 'valid') {
      output.push(ceilDivide(size, stride))
      continue
    }
    if (isKnown(size) && span > size) return problem(windowTooLarge(sizes, window))
    output.push(addDim(floorDivide(addDim(size, -span), stride), 1))
  }
  return ok(output)
}

/** The values that are added before and after an axis. */
export type AxisPadding = readonly [before: number, after: number]

/** Splits the values that are added to an axis: of an odd number, one more comes after it. */
export function halvePadding(total: number): AxisPadding {
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

/** The zeros that `same` adds to an axis: (⌈size / stride⌉ - 1) · stride + span - size in all, or none if that is negative. */
export function samePadding(size: number, span: number, stride: number): AxisPadding {
  return halvePadding(Math.max((Math.ceil(size / stride) - 1) * stride + span - size, 0))
}

/**
 * Whether the stride of a 3-d window may exceed its span, so that the windows leave gaps. TensorFlow.js then computes negative
 * padding (conv_util.js, `get3DPadAndOutInfo`): the engines wasm and cpu skip the border of the volume, node does not.
 */
export function leavesGaps(sizes: Shape, { strides, dilations, padding, ...window }: Window): boolean {
  const isShort = sizes.some((size, axis) => {
    const [span, stride] = [(window.sizes[axis]! - 1) * dilations[axis]! + 1, strides[axis]!]
    return isKnown(size) ? (Math.ceil(size / stride) - 1) * stride + span < size : stride > span
  })
  return sizes.length === 3 && padding === 'same' && isShort
}

function windowTooLarge(sizes: Shape, window: Window): LayerProblem {
  const spans = window.sizes.map((size, axis) => (size - 1) * window.dilations[axis]! + 1)
  const fits = sizes.map((size, axis) => {
    const dilation = window.dilations[axis]!
    return isKnown(size) ? Math.min(window.sizes[axis]!, Math.floor((size - 1) / dilation) + 1) : window.sizes[axis]!
  })
  const suggestions: Suggestion[] = []
  if (fits.every((fit) => fit >= 1)) {
    const fitting = fits.every((fit) => fit === fits[0]) ? fits[0] : fits
    suggestions.push(
      { kind: 'set', option: 'padding', value: 'same' },
      { kind: 'set', option: window.option, value: fitting },
    )
  }
  const axis = sizes.findIndex((size, index) => isKnown(size) && spans[index]! > size)
  return {
    ...kernelExceedsInput({
      option: window.option,
      window: spans.join('x'),
      input: sizes.map(formatDim).join('x'),
      span: spans[axis]!,
      size: sizes[axis] as number,
      stride: window.strides[axis]!,
    }),
    option: window.option,
    suggestions,
  }
}

/** The receptive field of a window along each axis: the span of the dilated window. */
export function windowReceptiveFields({
  sizes,
  strides,
  dilations,
}: Omit<Window, 'option' | 'padding'>): readonly ReceptiveField[] {
  return sizes.map((size, axis) => ({ span: (size - 1) * dilations[axis]! + 1, stride: strides[axis]! }))
}

/** The receptive field of a 2-d layer whose outputs depend on one position each, also if it adds or removes borders. */
export const pointReceptiveFields: readonly ReceptiveField[] = [
  { span: 1, stride: 1 },
  { span: 1, stride: 1 },
]

export interface ImageAxes {
  readonly spatial: Shape
  readonly channels: Dim
}

/** Splits the shape of a sequence, an image or a volume by its data format. */
export function splitChannels(shape: Shape, format: 'channelsLast' | 'channelsFirst'): ImageAxes {
  return format === 'channelsFirst'
    ? { spatial: shape.slice(1), channels: shape[0]! }
    : { spatial: shape.slice(0, -1), channels: shape.at(-1)! }
}

export function joinChannels({ spatial, channels }: ImageAxes, format: 'channelsLast' | 'channelsFirst'): Shape {
  return format === 'channelsFirst' ? [channels, ...spatial] : [...spatial, channels]
}
