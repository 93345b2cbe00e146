/** Convolutions, pooling and other windows that slide over images, sequences and volumes. */
import { halvePadding, samePadding, type AxisPadding } from '../../../parts/layers/window.ts'
import { permute, store, type AppliedLayer, type LayerForm, type Weight } from '../layerForm.ts'
import { range, type GraphBuilder, type Size, type Value } from '../graphBuilder.ts'
import { activate } from './activations.ts'
import type { Attribute } from '../encodeModel.ts'

/** How a window moves: a number for each axis in space. */
export interface Window {
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padding: string
}

type Attributes = Readonly<Record<string, Attribute>>

/** The tensor with its channels directly after the batch. */
export function channelsFirst({ graph, options, input }: AppliedLayer): string {
  return options['dataFormat'] === 'channelsFirst' ? graph.plain(input) : graph.moved(input)
}

/** A value from a tensor with its channels directly after the batch. */
export function fromChannelsFirst({ options, shape }: AppliedLayer, tensor: string): Value {
  return options['dataFormat'] === 'channelsFirst' ? { shape, plain: tensor } : { shape, moved: tensor }
}

/** The sizes of the axes in space. */
export function spaceOf(shape: readonly Size[], { options }: AppliedLayer): readonly Size[] {
  return options['dataFormat'] === 'channelsFirst' ? shape.slice(1) : shape.slice(0, -1)
}

export function windowOf(options: AppliedLayer['options'], sizes: readonly number[]): Window {
  const each = (value: unknown): number[] =>
    Array.isArray(value) ? (value as number[]) : sizes.map(() => (value as number | undefined) ?? 1)
  return {
    sizes,
    strides: each(options['strides']),
    dilations: each(options['dilationRate']),
    padding: options['padding'] as string,
  }
}

/** The attributes of a window. */
export function slide({ sizes, strides, dilations, padding }: Window, space: readonly Size[]): Attributes {
  const attributes = { kernel_shape: sizes, strides, dilations }
  if (padding === 'valid') return attributes
  const reach = sizes.map((size, axis) => (size - 1) * dilations[axis]! + 1)
  if (padding === 'causal') return { ...attributes, pads: [reach[0]! - 1, 0] }
  if (space.includes(null)) return { ...attributes, auto_pad: 'SAME_UPPER' }
  return { ...attributes, pads: padsOf(reach.map((size, axis) => samePadding(space[axis]!, size, strides[axis]!))) }
}

/** The padding before all axes, then that after them. */
function padsOf(paddings: readonly AxisPadding[]): number[] {
  return [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]
}

/** Convolves, and adds the bias if there is one. */
export function convolve(
  graph: GraphBuilder,
  x: string,
  kernel: Weight,
  bias: Weight | undefined,
  attributes: Attributes,
): string {
  const weights = [kernel, ...(bias ? [bias] : [])].map((weight) => store(graph, weight))
  return graph.add('Conv', [x, ...weights], attributes)
}

/** Kernels are [size…, input channels, filters]; those of ONNX are [filters, input channels, size…]. */
const convolution: LayerForm = (applied) => {
  const { graph, weights, options, input } = applied
  const [kernel, bias] = weights as [Weight, Weight?]
  const rank = kernel.shape.length
  const window = windowOf(options, kernel.shape.slice(0, -2))
  const attributes = slide(window, spaceOf(input.shape, applied))
  const turned = permute(kernel, [rank - 1, rank - 2, ...range(0, rank - 2)])
  const out = convolve(graph, channelsFirst(applied), turned, bias, attributes)
  return activate(applied, fromChannelsFirst(applied, out))
}

/** Turns a depthwise kernel [height, width, channels, multiplier] into one of a convolution with a group for each channel. */
function groupKernel(kernel: Weight): { readonly kernel: Weight; readonly group: number } {
  const [height, width, channels, multiplier] = kernel.shape as [number, number, number, number]
  const { values } = permute(kernel, [2, 3, 0, 1])
  return { kernel: { shape: [channels * multiplier, 1, height, width], values }, group: channels }
}

const depthwise: LayerForm = (applied) => {
  const { graph, weights, options, input } = applied
  const [kernel, bias] = weights as [Weight, Weight?]
  const attributes = slide(windowOf(options, kernel.shape.slice(0, 2)), spaceOf(input.shape, applied))
  const grouped = groupKernel(kernel)
  const out = convolve(graph, channelsFirst(applied), grouped.kernel, bias, { ...attributes, group: grouped.group })
  return activate(applied, fromChannelsFirst(applied, out))
}

const separable: LayerForm = (applied) => {
  const { graph, weights, options, input } = applied
  const [kernel, pointwise, bias] = weights as [Weight, Weight, Weight?]
  const attributes = slide(windowOf(options, kernel.shape.slice(0, 2)), spaceOf(input.shape, applied))
  const grouped = groupKernel(kernel)
  const each = convolve(graph, channelsFirst(applied), grouped.kernel, undefined, {
    ...attributes,
    group: grouped.group,
  })
  const out = convolve(graph, each, permute(pointwise, [3, 2, 0, 1]), bias, {})
  return activate(applied, fromChannelsFirst(applied, out))
}

/** Kernels are [size…, filters, input channels]; those of ONNX are [input channels, filters, size…]. */
const transposed: LayerForm = (applied) => {
  const { graph, weights, options } = applied
  const [kernel, bias] = weights as [Weight, Weight?]
  const rank = kernel.shape.length
  const { sizes, strides, dilations, padding } = windowOf(options, kernel.shape.slice(0, -2))
  const surplus = sizes.map((size, axis) => (size - 1) * dilations[axis]! + 1 - strides[axis]!)
  const attributes = {
    kernel_shape: sizes,
    strides,
    dilations,
    output_padding: surplus.map((size) => Math.max(-size, 0)),
    pads:
      padding === 'same' ? padsOf(surplus.map((size) => halvePadding(Math.max(size, 0)))) : sizes.flatMap(() => [0, 0]),
  }
  const turned = permute(kernel, [rank - 1, rank - 2, ...range(0, rank - 2)])
  const given = [turned, ...(bias ? [bias] : [])].map((weight) => store(graph, weight))
  const out = graph.add('ConvTranspose', [channelsFirst(applied), ...given], attributes)
  return activate(applied, fromChannelsFirst(applied, out))
}

const pool =
  (operator: 'MaxPool' | 'AveragePool', sign: 1 | -1 = 1): LayerForm =>
  (applied) => {
    const { graph, options, input } = applied
    const negate = (tensor: string) => (sign === 1 ? tensor : graph.add('Neg', [tensor]))
    const { dilations: _none, ...attributes } = slide(
      windowOf(options, [options['poolSize'] as number | number[]].flat()),
      spaceOf(input.shape, applied),
    )
    return fromChannelsFirst(applied, negate(graph.add(operator, [negate(channelsFirst(applied))], attributes)))
  }

const poolAll =
  (operator: 'ReduceMax' | 'ReduceMean'): LayerForm =>
  (applied) => {
    const { graph, shape, input } = applied
    const rank = input.shape.length
    const tensor = channelsFirst(applied)
    return { shape, plain: graph.add(operator, [tensor], { axes: range(2, rank + 1), keepdims: 0 }) }
  }

export const windowLayers: Readonly<Record<string, LayerForm>> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  Conv2DTranspose: transposed,
  Conv3DTranspose: transposed,
  MaxPooling1D: pool('MaxPool'),
  MaxPooling2D: pool('MaxPool'),
  MaxPooling3D: pool('MaxPool'),
  MinPooling2D: pool('MaxPool', -1),
  AveragePooling1D: pool('AveragePool'),
  AveragePooling2D: pool('AveragePool'),
  AveragePooling3D: pool('AveragePool'),
  GlobalMaxPooling1D: poolAll('ReduceMax'),
  GlobalMaxPooling2D: poolAll('ReduceMax'),
  GlobalAveragePooling1D: poolAll('ReduceMean'),
  GlobalAveragePooling2D: poolAll('ReduceMean'),
}
