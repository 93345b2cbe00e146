/** The convolutions in PyTorch, which has the channels right after the batch. */
import { isFullyKnown, type Shape } from '../../../language/dims.ts'
import { eachAxis } from '../../../language/fields.ts'
import type { SlidingOptions } from '../../../parts/layers/convolution.ts'
import { halvePadding, samePadding, splitChannels, type SlidingAxes } from '../../../parts/layers/window.ts'
import { activate } from './activations.ts'
import { defineForm, printSizes, weightedStage, type LayerForm, type PlacedForm, type Stage } from './form.ts'
import { padConvolution, padStage } from './padding.ts'
import { kernelState, stateWithin } from './state.ts'

interface Sliding extends SlidingOptions {
  readonly activation: string
  readonly useBias: boolean
}

type Filtering = Sliding & { readonly filters: number }
type Deepening = Sliding & { readonly depthMultiplier: number }

/** The window of a convolution, with the sizes of its input. */
export function windowOf(options: Sliding, input: Shape, axes: SlidingAxes) {
  const { spatial, channels } = splitChannels(input, options.dataFormat)
  const kernel = eachAxis(options.kernelSize, axes)
  const strides = eachAxis(options.strides, axes)
  const rates = eachAxis(options.dilationRate, axes)
  const spans = kernel.map((size, axis) => (size - 1) * rates[axis]! + 1)
  return { spatial, channels: channels as number, kernel, strides, rates, spans, padding: options.padding }
}

export const wantsChannels = ({ dataFormat }: { readonly dataFormat: 'channelsLast' | 'channelsFirst' }) =>
  dataFormat === 'channelsFirst' ? ('spec' as const) : ('moved' as const)

function printWindow({ strides, rates }: ReturnType<typeof windowOf>) {
  return {
    stride: strides.some((stride) => stride > 1) ? printSizes(strides) : undefined,
    dilation: rates.some((rate) => rate > 1) ? printSizes(rates) : undefined,
  }
}

const withoutBias = (useBias: boolean) => (useBias ? undefined : 'False')

export function defineConvolutionForm(axes: SlidingAxes): LayerForm {
  return defineForm<Filtering>({
    wants: wantsChannels,
    stages({ options, inputs: [input], layout, trainable }) {
      const window = windowOf(options, input!, axes)
      const { before, padding } = padConvolution(window)
      const { stride, dilation } = printWindow(window)
      const sizes = [`${window.channels}`, `${options.filters}`, printSizes(window.kernel)]
      const own = { stride, padding, dilation, bias: withoutBias(options.useBias) }
      return [
        ...before,
        weightedStage(`nn.Conv${axes}d`, sizes, own, trainable, kernelState(`nn.Conv${axes}d`, options.useBias)),
        ...activate(options.activation, layout),
      ]
    },
  })
}

/** A convolution of each channel by its own filters: a convolution with as many groups. */
function depthwise({ options, inputs: [input], trainable }: PlacedForm<Deepening>, hasBias: boolean): readonly Stage[] {
  const window = windowOf(options, input!, 2)
  const { before, padding } = padConvolution(window)
  const { stride, dilation } = printWindow(window)
  const { channels, kernel } = window
  const sizes = [`${channels}`, `${channels * options.depthMultiplier}`, printSizes(kernel)]
  const own = { stride, padding, dilation, groups: `${channels}`, bias: withoutBias(hasBias) }
  const state = kernelState('nn.Conv2d', hasBias, 'grouped')
  return [...before, weightedStage('nn.Conv2d', sizes, own, trainable, state)]
}

export const depthwiseConv2d = defineForm<Deepening>({
  wants: wantsChannels,
  stages: (layer) => [...depthwise(layer, layer.options.useBias), ...activate(layer.options.activation, layer.layout)],
})

export const separableConv2d = defineForm<Deepening & Filtering>({
  wants: wantsChannels,
  stages(layer) {
    const { options, inputs, layout, trainable } = layer
    const channels = windowOf(options, inputs[0]!, 2).channels * options.depthMultiplier
    const own = { bias: withoutBias(options.useBias) }
    const state = kernelState('nn.Conv2d', options.useBias)
    const mixing = weightedStage('nn.Conv2d', [`${channels}`, `${options.filters}`, '1'], own, trainable, state)
    const [pointwise] = mixing.modules!
    const spreading = depthwise(layer, false)
    const both = {
      modules: [`nn.Sequential(${spreading.at(-1)!.modules!.join(', ')}, ${pointwise})`],
      state: [...stateWithin('0', spreading.at(-1)!.state!), ...stateWithin('1', state)],
    }
    return [...spreading.slice(0, -1), both, ...activate(options.activation, layout)]
  },
})

/**
 * A transposed convolution. PyTorch crops `padding` on both sides and adds `output_padding` at the end; TensorFlow may crop one
 * more at the end, which is a crop of its own.
 */
export function defineTransposedForm(axes: 2 | 3): LayerForm {
  return defineForm<Filtering>({
    wants: wantsChannels,
    stages({ options, inputs: [input], layout, trainable }) {
      const window = windowOf(options, input!, axes)
      const { channels, kernel, spans, strides } = window
      const cropped = spans.map((span, axis) =>
        options.padding === 'same' ? halvePadding(Math.max(span - strides[axis]!, 0)) : ([0, 0] as const),
      )
      const added = spans.map((span, axis) => Math.max(strides[axis]! - span, 0))
      const { stride, dilation } = printWindow(window)
      const paddings = cropped.map(([before]) => before)
      const own = {
        stride,
        padding: paddings.some((size) => size > 0) ? printSizes(paddings) : undefined,
        output_padding: added.some((size) => size > 0) ? printSizes(added) : undefined,
        dilation,
        bias: withoutBias(options.useBias),
      }
      const sizes = [`${channels}`, `${options.filters}`, printSizes(kernel)]
      const uneven = cropped.map(([before, after]) => [0, before - after] as const)
      return [
        weightedStage(
          `nn.ConvTranspose${axes}d`,
          sizes,
          own,
          trainable,
          kernelState(`nn.ConvTranspose${axes}d`, options.useBias),
        ),
        ...(uneven.some(([, after]) => after < 0) ? [padStage(uneven)] : []),
        ...activate(options.activation, layout),
      ]
    },
  })
}

interface Pooling {
  readonly poolSize: number | readonly number[]
  readonly strides?: number | readonly number[]
  readonly padding: 'valid' | 'same'
  readonly dataFormat?: 'channelsLast' | 'channelsFirst'
}

/** Defines a pooling. `min` is the negative of the largest negated value. */
export function definePoolingForm(kind: 'max' | 'min' | 'mean', axes: SlidingAxes): LayerForm {
  return defineForm<Pooling>({
    wants: ({ dataFormat }) => (dataFormat === 'channelsFirst' ? 'spec' : 'moved'),
    stages({ options, inputs: [input] }) {
      const { spatial } = splitChannels(input!, options.dataFormat ?? 'channelsLast')
      const sizes = eachAxis(options.poolSize, axes)
      const strides = eachAxis(options.strides ?? options.poolSize, axes)
      const padded = padPooling(kind, { padding: options.padding, spatial, spans: sizes, strides })
      if ('whole' in padded) return [padded.whole]
      const isDefault = strides.every((stride, axis) => stride === sizes[axis])
      const args = [printSizes(sizes), ...(isDefault ? [] : [printSizes(strides)]), ...padded.options].join(', ')
      const name = kind === 'mean' ? 'avg' : 'max'
      const call = (x: string) => `F.${name}_pool${axes}d(${x}, ${args})`
      if (kind === 'min') return [...padded.before, { call: (x) => `-${call(`-${x}`)}` }]
      const module = `nn.${kind === 'mean' ? 'Avg' : 'Max'}Pool${axes}d(${args})`
      return [...padded.before, { modules: [module], call: (x) => call(x!) }]
    },
  })
}

type Padded = { readonly before: readonly Stage[]; readonly options: readonly string[] } | { readonly whole: Stage }

function padPooling(kind: 'max' | 'min' | 'mean', window: Parameters<typeof padConvolution>[0]): Padded {
  const { padding, spans, strides, spatial } = window
  if (padding === 'valid') return { before: [], options: [] }
  if (isFullyKnown(spatial)) {
    const pairs = spans.map((span, axis) => samePadding(spatial[axis]!, span, strides[axis]!))
    const isUneven = pairs.some(([before, after]) => before !== after)
    // With a stride of 1, rounding up adds no window, so that the last one would be missing.
    const isRoundable = pairs.every(([before, after], axis) => before === after || strides[axis]! > 1)
    if (isRoundable) {
      const sizes = pairs.map(([before]) => before)
      const isPadded = sizes.some((size) => size > 0)
      const options = [
        ...(isPadded ? [`padding=${printSizes(sizes)}`] : []),
        ...(isUneven ? ['ceil_mode=True'] : []),
        ...(kind === 'mean' && isPadded ? ['count_include_pad=False'] : []),
      ]
      return { before: [], options }
    }
    if (kind === 'max') return { before: [padStage(pairs, Number.NEGATIVE_INFINITY)], options: [] }
  }
  const sizes = `(${spans.join(', ')}${spans.length === 1 ? ',' : ''}), (${strides.join(', ')}${spans.length === 1 ? ',' : ''})`
  if (kind === 'mean') return { whole: { call: (x) => `average_pool_same(${x}, ${sizes})` } }
  const largest = (x: string) => `max_pool_same(${x}, ${sizes})`
  return { whole: { call: (x) => (kind === 'min' ? `-${largest(`-${x}`)}` : largest(x!)) } }
}
