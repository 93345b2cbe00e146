/** The layers that compute, move or merge values in PyTorch: dense, activations, normalization, noise, shapes, merges. */
import { isKnown, type Shape } from '../../../language/dims.ts'
import { sampleAxis } from '../../../language/axes.ts'
import { eachAxis } from '../../../language/fields.ts'
import { bordersOf, type Borders } from '../../../parts/layers/borders.ts'
import type { AxisPadding } from '../../../parts/layers/window.ts'
import { printFloat } from '../expression.ts'
import { activate, activationForms, softmaxStage } from './activations.ts'
import { wantsChannels } from './convolutions.ts'
import {
  atom,
  axisOf,
  defineForm,
  moduleStage,
  printDim,
  printTuple,
  weightedStage,
  type LayerForm,
  type Stage,
} from './form.ts'
import { padStage } from './padding.ts'
import { kernelState, stateOf } from './state.ts'

const any = () => 'any' as const
const spec = () => 'spec' as const

/** A layer that computes each value separately. */
const elementwise = <O>(stages: (options: O) => readonly Stage[]) =>
  defineForm<O>({ wants: any, flattened: () => 'passes', stages: ({ options }) => stages(options) })

export const input = defineForm({ wants: any, stages: () => [] })

export const dense = defineForm<{ readonly units: number; readonly activation: string; readonly useBias: boolean }>({
  wants: spec,
  flattened: () => 'takes',
  stages: ({ options, inputs: [values], trainable }) => [
    weightedStage(
      'nn.Linear',
      [`${printDim(values!.at(-1)!)}`, `${options.units}`],
      { bias: options.useBias ? undefined : 'False' },
      trainable,
      kernelState('nn.Linear', options.useBias),
    ),
    ...activate(options.activation, 'spec'),
  ],
})

export const flatten = defineForm<{ readonly dataFormat?: string }>({
  wants: spec,
  gives: 'spec',
  flattened: ({ dataFormat }) => (dataFormat === 'channelsFirst' ? undefined : 'makes'),
  stages: ({ options }) => [
    ...(options.dataFormat === 'channelsFirst' ? [{ call: (x: string) => `${atom(x)}.movedim(1, -1)` }] : []),
    moduleStage('nn.Flatten()', (x) => `${atom(x!)}.flatten(1)`),
  ],
})

export const reshape = defineForm({
  wants: spec,
  gives: 'spec',
  stages({ inputs: [values], output }) {
    const sizes = output.map(printDim).join(', ')
    const call = (x: string) => `${atom(x)}.reshape(-1, ${sizes})`
    // Two open sizes: the batch and one more, so the batch is stated.
    if (!output.every(isKnown)) return [{ call: (x) => `${atom(x!)}.reshape(len(${x}), ${sizes})` }]
    return [
      values!.length === 1 && output.length > 1
        ? moduleStage(`nn.Unflatten(1, (${sizes}))`, (x) => call(x!))
        : { call: (x) => call(x!) },
    ]
  },
})

export const permute = defineForm<{ readonly dims: readonly number[] }>({
  wants: spec,
  gives: 'spec',
  stages: ({ options }) => [{ call: (x) => `${atom(x!)}.permute(0, ${options.dims.join(', ')})` }],
})

export const repeatVector = defineForm<{ readonly n: number }>({
  wants: spec,
  gives: 'spec',
  stages: ({ options }) => [{ call: (x) => `${atom(x!)}.unsqueeze(1).repeat(1, ${options.n}, 1)` }],
})

export const embedding = defineForm<{ readonly inputDim: number; readonly outputDim: number }>({
  wants: spec,
  gives: 'spec',
  stages: ({ options, trainable }) => [
    weightedStage(
      'Embedding',
      [`${options.inputDim}`, `${options.outputDim}`],
      {},
      trainable,
      stateOf('Embedding', 'weight'),
    ),
  ],
})

export const masking = defineForm<{ readonly maskValue: number }>({
  wants: spec,
  gives: 'spec',
  stages: ({ options }) => [{ call: (x) => `${x} * (${x} != ${options.maskValue}).any(-1, keepdim=True)` }],
})

export const activation = defineForm<{ readonly activation: string }>({
  wants: any,
  flattened: ({ activation: name }) => (activationForms[name]!.isOverAxis === true ? undefined : 'passes'),
  stages: ({ options, layout, inputs }) => activate(options.activation, inputs[0]!.length > 1 ? layout : 'spec'),
})

export const reLU = elementwise<{ readonly maxValue?: number }>(({ maxValue }) => {
  if (maxValue === undefined) return activate('relu', 'spec')
  if (maxValue === 6) return activate('relu6', 'spec')
  return [moduleStage(`nn.Hardtanh(0, ${maxValue})`, (x) => `${atom(x!)}.clamp(0, ${maxValue})`)]
})

export const leakyReLU = elementwise<{ readonly alpha: number }>(({ alpha }) => [
  moduleStage(`nn.LeakyReLU(${alpha})`, (x) => `F.leaky_relu(${x}, ${alpha})`),
])

export const elu = elementwise<{ readonly alpha: number }>(({ alpha }) =>
  alpha === 1 ? activate('elu', 'spec') : [moduleStage(`nn.ELU(${alpha})`, (x) => `F.elu(${x}, ${alpha})`)],
)

export const thresholdedReLU = elementwise<{ readonly theta: number }>(({ theta }) => [
  moduleStage(`nn.Threshold(${theta}, 0)`, (x) => `F.threshold(${x}, ${theta}, 0)`),
])

export const prelu = defineForm<{ readonly sharedAxes?: number | readonly number[] }>({
  wants: spec,
  stages({ options, inputs: [values], trainable }) {
    const shared = new Set([options.sharedAxes ?? []].flat())
    const slopes = values!.map((size, index) => (shared.has(index + 1) ? '1' : printDim(size)))
    return [weightedStage('PReLU', slopes, {}, trainable, stateOf('PReLU', 'alpha'))]
  },
})

export const softmax = defineForm<{ readonly axis?: number | readonly number[] }>({
  wants: any,
  stages({ options, inputs: [values], layout }) {
    const rank = values!.length
    const axes = [options.axis ?? -1].flat().map((axis) => axisOf(sampleAxis(axis, rank)!, rank, layout))
    if (axes.length === 1) return [softmaxStage(axes[0] === rank ? -1 : axes[0]!)]
    return [{ call: (x) => `(${x} - ${atom(x!)}.logsumexp(${printTuple(axes)}, keepdim=True)).exp()` }]
  },
})

interface Normalizing {
  readonly axis: number
  readonly momentum: number
  readonly epsilon: number
  readonly center: boolean
  readonly scale: boolean
}

/** The parameters of a normalization. */
function affine({ scale, center }: Pick<Normalizing, 'scale' | 'center'>): readonly string[] {
  return [...(scale ? ['weight'] : []), ...(center ? ['bias'] : [])]
}

export const batchNormalization = defineForm<Normalizing>({
  measuresBatches: true,
  wants: ({ axis }, [values]) => (sampleAxis(axis, values!.length) === values!.length - 1 ? 'moved' : 'spec'),
  stages({ options, inputs: [values], layout, trainable }) {
    const rank = values!.length
    const place = sampleAxis(options.axis, rank)!
    const own = {
      eps: printFloat(options.epsilon),
      momentum: printFloat(Number((1 - options.momentum).toPrecision(12))),
      scale: options.scale ? undefined : 'False',
      center: options.center ? undefined : 'False',
      frozen: trainable ? undefined : 'True',
    }
    const state = stateOf('BatchNorm', ...affine(options), 'running_mean', 'running_var')
    const norm = weightedStage('BatchNorm', [printDim(values![place]!)], own, trainable, state)
    const axis = axisOf(place, rank, layout)
    if (axis === 1) return [norm]
    return [
      { call: (x) => `${atom(x!)}.movedim(${axis}, 1)` },
      norm,
      { call: (x) => `${atom(x!)}.movedim(1, ${axis})` },
    ]
  },
})

export const layerNormalization = defineForm<Omit<Normalizing, 'axis'> & { readonly axis: number | readonly number[] }>(
  {
    wants: spec,
    stages({ options, inputs: [values], trainable }) {
      const rank = values!.length
      const axes = [options.axis].flat().map((axis) => sampleAxis(axis, rank)!)
      const sizes = axes.map((axis) => printDim(values![axis]!))
      const eps = printFloat(options.epsilon)
      const isLast = axes.every((axis, index) => axis === rank - axes.length + index)
      if (isLast && options.scale) {
        const size = sizes.length === 1 ? sizes[0]! : printTuple(sizes)
        const bias = options.center ? undefined : 'False'
        return [
          weightedStage('nn.LayerNorm', [size], { eps, bias }, trainable, stateOf('nn.LayerNorm', ...affine(options))),
        ]
      }
      const own = {
        eps,
        scale: options.scale ? undefined : 'False',
        center: options.center ? undefined : 'False',
      }
      const args = [printTuple(sizes), printTuple(axes.map((axis) => axis + 1))]
      return [weightedStage('LayerNorm', args, own, trainable, stateOf('LayerNorm', ...affine(options)))]
    },
  },
)

interface Noise {
  readonly rate: number
  readonly noiseShape?: readonly (number | null)[]
}

const noiseWants = ({ noiseShape }: Noise) => (noiseShape === undefined ? 'any' : 'spec')
const printShape = (noiseShape: readonly (number | null)[]) =>
  printTuple(noiseShape.map((size) => (size === null ? 'None' : size)))

export const dropout = defineForm<Noise>({
  wants: noiseWants,
  flattened: ({ noiseShape }) => (noiseShape === undefined ? 'passes' : undefined),
  stages: ({ options: { rate, noiseShape } }) => [
    moduleStage(noiseShape === undefined ? `nn.Dropout(${rate})` : `ShapedDropout(${rate}, ${printShape(noiseShape)})`),
  ],
})

export const spatialDropout1d = defineForm<Noise>({
  wants: () => 'moved',
  stages: ({ options: { rate } }) => [moduleStage(`nn.Dropout1d(${rate})`)],
})

export const alphaDropout = defineForm<Noise>({
  wants: noiseWants,
  stages: ({ options: { rate, noiseShape } }) => [
    moduleStage(
      noiseShape === undefined ? `nn.AlphaDropout(${rate})` : `ShapedAlphaDropout(${rate}, ${printShape(noiseShape)})`,
    ),
  ],
})

export const gaussianDropout = elementwise<{ readonly rate: number }>(({ rate }) => [
  moduleStage(`GaussianDropout(${rate})`),
])

export const gaussianNoise = elementwise<{ readonly stddev: number }>(({ stddev }) => [
  moduleStage(`GaussianNoise(${stddev})`),
])

export const rescaling = elementwise<{ readonly scale: number; readonly offset: number }>(({ scale, offset }) => [
  { call: (x) => `${atom(x!)} * ${scale}${offset === 0 ? '' : ` ${offset < 0 ? '-' : '+'} ${Math.abs(offset)}`}` },
])

/** Merges of values whose shapes are stretched as in NumPy: an input with fewer axes gets axes of size 1 after the batch. */
function defineMergeForm(merge: (inputs: readonly string[]) => string): LayerForm {
  return defineForm({
    wants: (_options, inputs) => (inputs.every(({ length }) => length === inputs[0]!.length) ? 'any' : 'spec'),
    stages({ inputs }) {
      const rank = Math.max(...inputs.map(({ length }) => length))
      const aligned = (x: string, index: number) => {
        const missing = rank - inputs[index]!.length
        return missing === 0 ? x : `${atom(x)}[:${', None'.repeat(missing)}]`
      }
      return [{ call: (...values) => merge(values.map(aligned)) }]
    },
  })
}

const nested = (name: string) => (inputs: readonly string[]) =>
  inputs.reduce((left, right) => `${name}(${left}, ${right})`)

export const add = defineMergeForm((inputs) => inputs.join(' + '))
export const average = defineMergeForm((inputs) => `(${inputs.join(' + ')}) / ${inputs.length}`)
export const multiply = defineMergeForm((inputs) => inputs.map(atom).join(' * '))
export const maximum = defineMergeForm(nested('torch.maximum'))
export const minimum = defineMergeForm(nested('torch.minimum'))

export const concatenate = defineForm<{ readonly axis: number }>({
  wants: any,
  stages({ options, inputs: [first], layout }) {
    const rank = first!.length
    const dim = axisOf(sampleAxis(options.axis, rank)!, rank, layout)
    return [{ call: (...values) => `torch.cat((${values.join(', ')}), dim=${dim})` }]
  },
})

export const dot = defineForm<{ readonly axes: number | readonly [number, number]; readonly normalize: boolean }>({
  wants: spec,
  gives: 'spec',
  stages({ options, inputs }) {
    const [left, right] = inputs as readonly [Shape, Shape]
    const [ofLeft, ofRight] = typeof options.axes === 'number' ? [options.axes, options.axes] : options.axes
    const [a, b] = [sampleAxis(ofLeft, left.length)!, sampleAxis(ofRight, right.length)!]
    const lettersOf = (shape: Shape, letters: string, summed: number) =>
      shape.map((_size, axis) => (axis === summed ? 's' : letters[axis]!))
    const [first, second] = [lettersOf(left, 'ij', a), lettersOf(right, 'kl', b)]
    const rest = [...first, ...second].filter((letter) => letter !== 's').join('')
    const formula = `"b${first.join('')},b${second.join('')}->b${rest}"`
    const unit = (x: string, axis: number) =>
      options.normalize ? `F.normalize(${x}, dim=${axis + 1}, eps=1e-7**0.5)` : x
    const end = rest === '' ? '.unsqueeze(1)' : ''
    return [{ call: (x, y) => `torch.einsum(${formula}, ${unit(x!, a)}, ${unit(y!, b)})${end}` }]
  },
})

/** Crops and pads by the borders of an image. */
function defineBordersForm(option: 'padding' | 'cropping', sign: 1 | -1): LayerForm {
  return defineForm<{ readonly dataFormat: 'channelsLast' | 'channelsFirst' } & Readonly<Record<string, Borders>>>({
    wants: wantsChannels,
    stages: ({ options }) => [padStage(bordersOf(options[option]!).map(([a, b]): AxisPadding => [sign * a, sign * b]))],
  })
}

export const zeroPadding2d = defineBordersForm('padding', 1)
export const cropping2D = defineBordersForm('cropping', -1)

export const centerCrop = defineForm<{ readonly height: number; readonly width: number }>({
  wants: () => 'moved',
  stages({ options: { height, width }, inputs: [image] }) {
    const [rows, columns] = image!
    if (!isKnown(rows) || !isKnown(columns)) return [{ call: (x) => `center_crop(${x}, ${height}, ${width})` }]
    const sides = (size: number, left: number): AxisPadding => {
      const before = Math.floor((size - left) / 2)
      return [-before, -(size - left - before)]
    }
    return [padStage([sides(rows, height), sides(columns, width)])]
  },
})

interface Interpolating {
  readonly interpolation: 'nearest' | 'bilinear'
}

export const resizing = defineForm<Interpolating & { readonly height: number; readonly width: number }>({
  wants: () => 'moved',
  stages({ options: { height, width, interpolation } }) {
    if (interpolation === 'nearest') return [{ call: (x) => `resize_nearest(${x}, ${height}, ${width})` }]
    const args = `(${height}, ${width}), mode="bilinear", align_corners=True`
    return [moduleStage(`nn.Upsample(${args})`, (x) => `F.interpolate(${x}, ${args.replace('(', 'size=(')})`)]
  },
})

export const upSampling2d = defineForm<
  Interpolating & {
    readonly size: number | readonly [number, number]
    readonly dataFormat: 'channelsLast' | 'channelsFirst'
  }
>({
  wants: wantsChannels,
  stages({ options: { size, interpolation } }) {
    const [rows, columns] = eachAxis(size, 2)
    if (interpolation === 'bilinear') return [{ call: (x) => `upsample_bilinear(${x}, ${rows}, ${columns})` }]
    const factor = rows === columns ? `${rows}` : `(${rows}, ${columns})`
    return [moduleStage(`nn.Upsample(scale_factor=${factor})`, (x) => `F.interpolate(${x}, scale_factor=${factor})`)]
  },
})

export const categoryEncoding = defineForm<{ readonly numTokens: number; readonly outputMode: string }>({
  wants: spec,
  gives: 'spec',
  stages({ options: { numTokens, outputMode } }) {
    const joined = outputMode === 'count' ? 'sum(1)' : 'amax(1)'
    return [{ call: (x) => `F.one_hot(${atom(x!)}.long(), ${numTokens}).float().${joined}` }]
  },
})

export const randomWidth = defineForm<Interpolating & { readonly factor: number | readonly [number, number] }>({
  wants: () => 'moved',
  stages({ options: { factor, interpolation } }) {
    const [lower, upper] = typeof factor === 'number' ? [-factor, factor] : factor
    const mode = interpolation === 'bilinear' ? '' : `, "${interpolation}"`
    return [moduleStage(`RandomWidth(${printFloat(lower)}, ${printFloat(upper)}${mode})`)]
  },
})

/** Pooling over all positions of each channel. */
export function defineGlobalForm(kind: 'max' | 'mean', axes: 1 | 2): LayerForm {
  return defineForm<{ readonly dataFormat?: 'channelsLast' | 'channelsFirst' }>({
    wants: ({ dataFormat }) => (axes === 1 ? 'any' : dataFormat === 'channelsFirst' ? 'spec' : 'moved'),
    gives: 'spec',
    stages({ layout }) {
      const isSecond = axes === 2 || layout === 'moved'
      const dims = axes === 2 ? '(2, 3)' : isSecond ? '2' : '1'
      const call: Stage['call'] = (x) => `${atom(x!)}.${kind === 'max' ? 'amax' : 'mean'}(${dims})`
      const pool = `nn.Adaptive${kind === 'max' ? 'Max' : 'Avg'}Pool${axes}d(1)`
      return [isSecond ? { modules: [pool, 'nn.Flatten()'], call } : { call }]
    },
  })
}
