/** The layers that are an activation in PyTorch. */
import { lookUp } from '../../../language/schema.ts'
import { sampleAxis } from '../../../language/axes.ts'
import { activate, activationForms, softmaxStage } from './activations.ts'
import {
  atom,
  axisOf,
  defineForm,
  elementwise,
  moduleStage,
  printDim,
  printTuple,
  weightedStage,
  anyLayout,
  specLayout,
} from './form.ts'
import { stateOf } from './state.ts'

export const activation = defineForm<{ readonly activation: string }>({
  wants: anyLayout,
  flattened: ({ activation: name }) => (lookUp(activationForms, name).isOverAxis === true ? undefined : 'passes'),
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
  wants: specLayout,
  stages({ options, inputs: [values], trainable }) {
    const shared = new Set([options.sharedAxes ?? []].flat())
    const slopes = values!.map((size, index) => (shared.has(index + 1) ? '1' : printDim(size)))
    return [weightedStage('PReLU', slopes, {}, trainable, stateOf('PReLU', 'alpha'))]
  },
})

export const softmax = defineForm<{ readonly axis?: number | readonly number[] }>({
  wants: anyLayout,
  stages({ options, inputs: [values], layout }) {
    const rank = values!.length
    const axes = [options.axis ?? -1].flat().map((axis) => axisOf(sampleAxis(axis, rank)!, rank, layout))
    if (axes.length === 1) return [softmaxStage(axes[0] === rank ? -1 : axes[0]!)]
    return [{ call: (x) => `(${x} - ${atom(x!)}.logsumexp(${printTuple(axes)}, keepdim=True)).exp()` }]
  },
})
