/** Convolutions, from channels first to channels last. */
import { permuteAxes } from '../../../../runtime/formats/axisOrder.ts'
import { halvePadding, samePadding } from '../../../../parts/layers/window.ts'
import { isKnown, type Dim, type Shape } from '../../../../language/dims.ts'
import { type Constant } from '../constants.ts'
import type { DraftLayer, Options } from '../draftLayers.ts'
import { numberOf, numbersOf, textOf } from '../graph.ts'
import {
  sharedArrays,
  constantAt,
  requiredConstant,
  valueAt,
  vector,
  weightOf,
  type OperatorForm,
  type Reading,
} from '../reading.ts'
import { refuse } from '../refusal.ts'
import { arrange, channelsFirst, statedSizes, type Value } from '../values.ts'

/** How a window moves over the axes in space. */
export interface Window {
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
}

/** The values that are added before and after each axis in space. */
export type Borders = readonly (readonly [before: number, after: number])[]

/** Returns the layer with the channels of a tensor last. */
export function channelsLast({ layers }: Reading, value: Value): DraftLayer {
  const rank = value.axes.length
  if (rank < 3) refuse('its input has no axes in space')
  return arrange(layers, value, [0, ...Array.from({ length: rank - 2 }, (_, axis) => axis + 2), 1])
}

export function spaceOf(layer: DraftLayer): Shape {
  return layer.shape.slice(0, -1)
}

export function windowOf({ node }: Reading, sizes: readonly number[]): Window {
  const each = (name: string) => numbersOf(node, name) ?? sizes.map(() => 1)
  return { sizes, strides: each('strides'), dilations: each('dilations') }
}

/** The padding that a node states: pairs, or undefined if it is `same`. */
export function bordersOf({ node }: Reading, { sizes, strides, dilations }: Window, space: Shape): Borders | 'same' {
  const mode = textOf(node, 'auto_pad', 'NOTSET')
  if (mode === 'SAME_UPPER') return 'same'
  if (mode === 'SAME_LOWER') {
    return sizes.map((size, axis) => {
      if (!isKnown(space[axis])) refuse('it pads an axis whose size is known only at run time as SAME_LOWER')
      const [before, after] = samePadding(space[axis], (size - 1) * dilations[axis]! + 1, strides[axis]!)
      return [after, before]
    })
  }
  const pads = mode === 'VALID' ? undefined : numbersOf(node, 'pads')
  return sizes.map((_size, axis) => [pads?.[axis] ?? 0, pads?.[axis + sizes.length] ?? 0])
}

/** Whether `padding: same` adds just these borders. */
export function isSame(borders: Borders | 'same', { sizes, strides, dilations }: Window, space: Shape): boolean {
  if (borders === 'same') return true
  return sizes.every((size, axis) => {
    const span = (size - 1) * dilations[axis]! + 1
    const [before, after] = borders[axis]!
    const input = space[axis]
    if (!isKnown(input)) return strides[axis] === 1 && String(halvePadding(span - 1)) === String([before, after])
    return String(samePadding(input, span, strides[axis]!)) === String([before, after])
  })
}

export function isEmpty(borders: Borders | 'same'): boolean {
  return borders !== 'same' && borders.flat().every((size) => size === 0)
}

/** One number where all are equal. */
export function compact(values: readonly number[]): number | readonly number[] {
  return values.length === 1 || values.every((value) => value === values[0]) ? values[0]! : values
}

/** Adds zeros around an image, or around a sequence, which is an image with one column meanwhile. */
export function padZeros({ layers }: Reading, layer: DraftLayer, borders: Borders): DraftLayer {
  if (borders.flat().every((size) => size === 0)) return layer
  if (borders.flat().some((size) => size < 0)) refuse('it has negative padding')
  if (layer.shape.length === 3) {
    const all = borders.flat()
    return layers.add('zeroPadding2d', { padding: all.every((size) => size === all[0]) ? all[0] : borders }, [layer])
  }
  if (layer.shape.length === 2) {
    const [steps, channels] = layer.shape as [Dim, Dim]
    const image = layers.add('reshape', { targetShape: statedSizes([steps, 1, channels]) }, [layer])
    const padded = layers.add('zeroPadding2d', { padding: [borders[0], [0, 0]] }, [image])
    return layers.add('reshape', { targetShape: statedSizes([padded.shape[0]!, channels]) }, [padded])
  }
  return refuse('it pads a volume by other sizes than `padding: same` does, for which there is no layer')
}

/** The options of a window, and its input with explicit borders if `padding` cannot state them. */
function placeWindow(
  reading: Reading,
  window: Window,
  layer: DraftLayer,
): { readonly input: DraftLayer; readonly options: Options } {
  const borders = bordersOf(reading, window, spaceOf(layer))
  const options = { strides: compact(window.strides), dilationRate: compact(window.dilations) }
  if (isEmpty(borders)) return { input: layer, options }
  if (isSame(borders, window, spaceOf(layer))) return { input: layer, options: { ...options, padding: 'same' } }
  const [first] = borders as Borders
  const span = (window.sizes[0]! - 1) * window.dilations[0]! + 1
  const isCausal = window.sizes.length === 1 && first![0] === span - 1 && first![1] === 0
  if (isCausal) return { input: layer, options: { ...options, padding: 'causal' } }
  return { input: padZeros(reading, layer, borders as Borders), options }
}

const types: Readonly<Record<number, string>> = { 1: 'conv1d', 2: 'conv2d', 3: 'conv3d' }
const transposedTypes: Readonly<Record<number, string>> = { 2: 'conv2dTranspose', 3: 'conv3dTranspose' }

function typeIn(table: Readonly<Record<number, string>>, axes: number): string {
  return table[axes] ?? refuse(`it slides over ${axes} axes, for which there is no layer`)
}

/** A kernel with the axes in space first: [filters, inputs, sizes…] becomes [sizes…, inputs, filters]. */
export function turned(kernel: Constant): Constant {
  const space = kernel.shape.slice(2).map((_size, axis) => axis + 2)
  return permuteAxes(kernel, [...space, 1, 0])
}

const convolution: OperatorForm = (reading) => {
  const kernel = requiredConstant(reading, 1)
  const bias = constantAt(reading, 2)
  const [filters, perGroup, ...sizes] = kernel.shape as [number, number, ...number[]]
  const layer = channelsLast(reading, valueAt(reading, 0))
  const window = windowOf(reading, sizes)
  const group = numberOf(reading.node, 'group', 1)
  const { input, options } = placeWindow(reading, window, layer)
  const shared = { kernelSize: compact(sizes), ...options, useBias: bias !== undefined }
  const biases = bias ? [vector(bias.values)] : []
  const isDepthwise = group > 1 && perGroup === 1 && group === layer.shape.at(-1)
  if (group > 1 && !isDepthwise)
    refuse(`it has ${group} groups of channels`, 'A layer has all channels in one group, or each in its own.')
  const type = typeIn(types, sizes.length)
  const out = isDepthwise
    ? depthwise(reading, input, { ...shared, depthMultiplier: filters / group }, kernel, biases)
    : (separable(reading, input, shared, kernel, biases) ??
      reading.layers.addShared(
        sharedArrays(reading),
        type,
        { filters, ...shared },
        [input],
        [weightOf(turned(kernel)), ...biases],
      ))
  if (!bias) out.awaits = 'bias'
  return channelsFirst(out)
}

/** A kernel [channels · multiplier, 1, height, width] of a group for each channel. */
function depthwise(
  { layers, ...reading }: Reading,
  input: DraftLayer,
  options: Options,
  kernel: Constant,
  biases: ReturnType<typeof vector>[],
): DraftLayer {
  const multiplier = options['depthMultiplier'] as number
  const [filters, , height, width] = kernel.shape as [number, number, number, number]
  if (kernel.shape.length !== 4)
    refuse('it convolves each channel of a sequence or a volume by itself, for which there is no layer')
  const { values } = permuteAxes(
    { shape: [filters / multiplier, multiplier, height, width], values: kernel.values },
    [2, 3, 0, 1],
  )
  const weights = [weightOf({ shape: [height, width, filters / multiplier, multiplier], values }), ...biases]
  const layer = layers.addShared(sharedArrays({ layers, ...reading }), 'depthwiseConv2d', options, [input], weights)
  layer.takesPoint = true
  return layer
}

/** A convolution over the channels alone, directly after one over space alone without a bias, is one layer. */
function separable(
  reading: Reading,
  input: DraftLayer,
  options: Options,
  kernel: Constant,
  biases: ReturnType<typeof vector>[],
): DraftLayer | undefined {
  const value = valueAt(reading, 0)
  const isPoint =
    kernel.shape.length === 4 && kernel.shape[2] === 1 && kernel.shape[3] === 1 && options['strides'] === 1
  const isOnly = value.isOnly && reading.graph.hasOneUse(reading.node.inputs[0]!)
  const { activation, useBias, ...first } = input.options
  if (!isPoint || !isOnly || input.takesPoint !== true || activation !== undefined || useBias !== false)
    return undefined
  const all = { ...first, filters: kernel.shape[0]!, useBias: options['useBias'] }
  return reading.layers.add('separableConv2d', all, input.inputs, [
    input.weights[0]!,
    weightOf(turned(kernel)),
    ...biases,
  ])
}

/** Kernels are [inputs, filters, sizes…]; those of the language are [sizes…, filters, inputs]. */
const transposed: OperatorForm = (reading) => {
  const { layers, node } = reading
  const kernel = requiredConstant(reading, 1)
  const bias = constantAt(reading, 2)
  const [, filters, ...sizes] = kernel.shape as [number, number, ...number[]]
  if (numberOf(node, 'group', 1) !== 1) refuse('it has several groups of channels')
  const layer = channelsLast(reading, valueAt(reading, 0))
  const window = windowOf(reading, sizes)
  const surplus = sizes.map((size, axis) => (size - 1) * window.dilations[axis]! + 1 - window.strides[axis]!)
  const cut = cutOf(reading, surplus, spaceOf(layer), window)
  const isSameCut = cut.every((pair, axis) => String(pair) === String(halvePadding(Math.max(surplus[axis]!, 0))))
  const isValid = cut.flat().every((size) => size === 0)
  const options = {
    filters,
    kernelSize: compact(sizes),
    strides: compact(window.strides),
    dilationRate: compact(window.dilations),
    padding: isSameCut && !isValid ? 'same' : 'valid',
    useBias: bias !== undefined,
  }
  const weights = [weightOf(turned(kernel)), ...(bias ? [vector(bias.values)] : [])]
  const enlarged = layers.addShared(
    sharedArrays(reading),
    typeIn(transposedTypes, sizes.length),
    options,
    [layer],
    weights,
  )
  if (isSameCut || isValid) {
    if (!bias) enlarged.awaits = 'bias'
    return channelsFirst(enlarged)
  }
  if (cut.length !== 2 || cut.flat().some((size) => size < 0))
    refuse('it cuts its output by other sizes than `padding: same` does')
  return channelsFirst(layers.add('cropping2D', { cropping: cut }, [enlarged]))
}

/** What a transposed convolution cuts off at each side of the output that `padding: valid` gives. */
function cutOf({ node }: Reading, surplus: readonly number[], space: Shape, { strides }: Window): Borders {
  const mode = textOf(node, 'auto_pad', 'NOTSET')
  const pads = numbersOf(node, 'pads')
  const extra = numbersOf(node, 'output_padding')
  const sizes = numbersOf(node, 'output_shape')?.slice(-surplus.length)
  return surplus.map((more, axis) => {
    // The output of `valid` has max(−surplus, 0) rows more than the operator computes.
    const gap = Math.max(-more, 0)
    if (mode.startsWith('SAME') || sizes) {
      const input = space[axis]
      const wanted = sizes ? sizes[axis]! : isKnown(input) ? input * strides[axis]! : undefined
      if (wanted === undefined || !isKnown(input)) return halvePadding(Math.max(more, 0))
      const total = (input - 1) * strides[axis]! + more + strides[axis]! + gap - wanted
      const [small, large] = halvePadding(total)
      return mode === 'SAME_LOWER' ? [large, small] : [small, large]
    }
    return [pads?.[axis] ?? 0, (pads?.[axis + surplus.length] ?? 0) + gap - (extra?.[axis] ?? 0)]
  })
}

export const convolutionOperators: Readonly<Record<string, OperatorForm>> = {
  Conv: convolution,
  ConvTranspose: transposed,
}
