/** Convolutions over one, two or three axes: filters of kernelSize slide over a sequence, an image or a volume. */
import { callsTo } from '../../language/calls.ts'
import { stridesWithDilation, unknownSize } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, knownSize, type Shape } from '../../language/dims.ts'
import {
  activation,
  activityRegularizer,
  biasFields,
  causalPaddingField,
  dataFormat,
  eachAxis,
  filters,
  kernelFields,
  paddingField,
  perAxis,
} from '../../language/fields.ts'
import {
  defineLayer,
  ok,
  problem,
  type LayerProblem,
  type NodePatch,
  type Result,
  type ReceptiveField,
} from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { checkInputKind } from '../../language/rank.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import {
  describeSizes,
  joinChannels,
  leavesGaps,
  slideWindow,
  slidingInputs,
  splitChannels,
  windowReceptiveFields,
  type SlidingAxes,
  type Window,
} from './window.ts'

const call = callsTo<typeof import('./convolution.run.ts')>()

const inputText: Readonly<Record<SlidingAxes, string>> = {
  1: 'steps x values',
  2: 'height x width x channels',
  3: 'depth x height x width x channels',
}

/** The fields that all convolutions over `axes` axes share. */
export function slidingFields(axes: SlidingAxes) {
  return {
    kernelSize: perAxis(describeSizes('kernel', axes), axes, 3),
    strides: withDefault(perAxis('The step of the kernel from one position to the next.', axes, 2), 1),
    padding: axes === 1 ? causalPaddingField : paddingField,
    dataFormat,
    dilationRate: withDefault(perAxis('The distance between the values that the kernel reads.', axes, 2), 1),
  }
}

export interface SlidingOptions {
  readonly kernelSize: number | readonly number[]
  readonly strides: number | readonly number[]
  readonly padding: 'valid' | 'same' | 'causal'
  readonly dataFormat: 'channelsLast' | 'channelsFirst'
  readonly dilationRate: number | readonly number[]
}

/** The spatial sizes of the output of a convolution, or the problem that the input does not fit. */
export function slideKernel(options: SlidingOptions, spatial: Shape): Result<Shape> {
  const axes = spatial.length
  const strides = eachAxis(options.strides, axes)
  const dilations = eachAxis(options.dilationRate, axes)
  if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
    const clash = stridesWithDilation(strides.join('x'), dilations.join('x'))
    return problem({ ...clash, option: 'dilationRate', suggestions: [{ kind: 'remove', option: 'dilationRate' }] })
  }
  return slideWindow(spatial, kernelWindow(options, axes))
}

function kernelWindow({ kernelSize, strides, dilationRate, padding }: SlidingOptions, axes: number): Window {
  return {
    option: 'kernelSize',
    sizes: eachAxis(kernelSize, axes),
    strides: eachAxis(strides, axes),
    dilations: eachAxis(dilationRate, axes),
    padding,
  }
}

/** The receptive field of a convolution along each axis. */
export function kernelReceptiveFields(options: SlidingOptions, axes: number): readonly ReceptiveField[] {
  const [sizes, strides, dilations] = [options.kernelSize, options.strides, options.dilationRate]
  return windowReceptiveFields({
    sizes: eachAxis(sizes, axes),
    strides: eachAxis(strides, axes),
    dilations: eachAxis(dilations, axes),
  })
}

/** TensorFlow.js has no gradient for dilated convolutions. */
export function patchesOfDilation({ dilationRate }: Pick<SlidingOptions, 'dilationRate'>): readonly NodePatch[] {
  return Math.max(...[dilationRate].flat()) > 1 ? ['fixDilatedConvolutions'] : []
}

/** libtensorflow only supports depthwise convolutions with equal strides and without dilation. */
export function patchesOfDepthwise(options: SlidingOptions, isDilated = false): readonly NodePatch[] {
  const isUneven = new Set(eachAxis(options.strides, 2)).size > 1
  return isUneven || isDilated ? ['registerNodeFallbacks'] : []
}

/** Undefined if the input has `axes` spatial axes and known channels; otherwise the problem. */
export function checkChannels(
  layer: string,
  input: Shape,
  axes: SlidingAxes,
  format: SlidingOptions['dataFormat'],
): { ok: false; problem: LayerProblem } | undefined {
  const misfit = checkInputKind(layer, slidingInputs[axes], input)
  if (misfit) return misfit
  if (isKnown(splitChannels(input, format).channels)) return undefined
  return problem(unknownSize({ layer, what: 'the number of channels', input: formatShape(input) }))
}

/**
 * The output shape of a convolution over `axes` axes.
 *
 * @param channelsOf Returns the number of output channels for that of the input.
 */
export function convolve(
  layer: string,
  options: SlidingOptions,
  input: Shape,
  axes: SlidingAxes,
  channelsOf: (channels: number) => number,
): Result<Shape> {
  const misfit = checkChannels(layer, input, axes, options.dataFormat)
  if (misfit) return misfit
  const { spatial, channels } = splitChannels(input, options.dataFormat)
  const slid = slideKernel(options, spatial)
  if (!slid.ok) return slid
  return ok(joinChannels({ spatial: slid.value, channels: channelsOf(channels as number) }, options.dataFormat))
}

/** Defines conv1d, conv2d or conv3d. */
export function defineConvolution(factory: 'conv1d' | 'conv2d' | 'conv3d', axes: SlidingAxes) {
  const schema = fieldsOf(
    { filters, ...slidingFields(axes), activation, ...kernelFields, ...biasFields, activityRegularizer },
    `${axes}-d convolution over ${inputText[axes]}.`,
  )
  return defineLayer({
    schema,
    shape: (options, [input]) => convolve(factory, options, input, axes, () => options.filters),
    weights(options, [input]) {
      const channels = splitChannels(input, options.dataFormat).channels as number
      const kernel = [...eachAxis(options.kernelSize, axes), channels, options.filters]
      const bias = { name: 'bias', shape: [options.filters], trainable: true }
      return [{ name: 'kernel', shape: kernel, trainable: true }, ...(options.useBias ? [bias] : [])]
    },
    flops(options, [input], output) {
      const window = knownSize(eachAxis(options.kernelSize, axes))
      const channels = splitChannels(input, options.dataFormat).channels as number
      return 2 * knownSize(output) * window * channels
    },
    receptiveFields: (options) => kernelReceptiveFields(options, axes),
    nodePatches: (options) => (axes < 3 ? patchesOfDilation(options) : []),
    lower(options, { inputs: [input] }) {
      const { spatial } = splitChannels(input, options.dataFormat)
      const own = ownConvolution(axes, options, spatial)
      return own === undefined ? layerCall(factory, given(schema, options)) : call(own, given(schema, options))
    },
  })
}

/** The layer of the runtime to use where that of tf.layers throws, ignores an option or lacks a gradient. */
function ownConvolution(axes: SlidingAxes, options: SlidingOptions, spatial: Shape) {
  const isDilated = Math.max(...eachAxis(options.dilationRate, axes)) > 1
  if (axes === 1)
    return options.padding === 'causal' || options.dataFormat === 'channelsFirst' ? 'conv1dLayer' : undefined
  if (axes === 2) return isDilated ? 'dilatedConv2dLayer' : undefined
  return isDilated || leavesGaps(spatial, kernelWindow(options, axes)) ? 'conv3dLayer' : undefined
}
