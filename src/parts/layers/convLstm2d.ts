/** A long short-term memory whose kernels are convolutions, for sequences of images (Shi et al., 2015). */
import { unknownSize } from '../../diagnostics/shapeMessages.ts'
import { patchesOfDilation, slideKernel, slidingFields } from './convolution.ts'
import { formatShape, isKnown, knownSize } from '../../language/dims.ts'
import { checkEngineLimits, type EngineLimit } from '../../language/engineLimits.ts'
import { eachAxis, filters } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { checkInputKind } from '../../language/rank.ts'
import { cellFields, gateFields, patchesOfSteps, stepFields, stepLimits, unitForgetBias } from './recurrent.ts'
import { fieldsOf } from '../../language/schema.ts'
import { joinChannels, splitChannels } from './window.ts'

const gates = 4

const schema = fieldsOf(
  { filters, ...slidingFields(2), ...cellFields, ...gateFields, unitForgetBias, ...stepFields },
  'A long short-term memory over a sequence of images, with convolutions as kernels.',
)

export const convLstm2d = defineLayer({
  aliases: { same: ['ConvLSTM'] },
  schema,
  shape(options, [input]) {
    const limits = [...stepLimits(options), channelsLimit(options.dataFormat)]
    const misfit = checkEngineLimits('convLstm2d', limits) ?? checkInputKind('convLstm2d', 'imageSequence', input)
    if (misfit) return misfit
    const [steps, ...image] = input
    const { spatial, channels } = splitChannels(image, options.dataFormat)
    if (!isKnown(channels)) {
      const what = 'the number of channels'
      return problem(unknownSize({ layer: 'convLstm2d', what, input: formatShape(input) }))
    }
    const slid = slideKernel(options, spatial)
    if (!slid.ok) return slid
    const output = joinChannels({ spatial: slid.value, channels: options.filters }, options.dataFormat)
    return ok(options.returnSequences ? [steps!, ...output] : output)
  },
  weights(options, [input]) {
    const channels = splitChannels(input.slice(1), options.dataFormat).channels as number
    const kernel = eachAxis(options.kernelSize, 2)
    const width = gates * options.filters
    return [
      { name: 'kernel', shape: [...kernel, channels, width], trainable: true },
      { name: 'recurrentKernel', shape: [...kernel, options.filters, width], trainable: true },
      ...(options.useBias ? [{ name: 'bias', shape: [width], trainable: true }] : []),
    ]
  },
  flops(options, [input], output) {
    const channels = splitChannels(input.slice(1), options.dataFormat).channels as number
    const window = knownSize(eachAxis(options.kernelSize, 2))
    const values = knownSize([input[0]!, ...(options.returnSequences ? output.slice(1) : output)])
    return 2 * gates * values * window * (channels + options.filters)
  },
  keepsSteps: 'returnSequences',
  masks: ({ returnSequences }) => ({ reads: 'pixels', passes: returnSequences }),
  inputsAgreeIn: () => 'stepShape',
  nodePatches: (options, [input]) => [...patchesOfDilation(options), ...patchesOfSteps(input)],
  lower: (options) => layerCall('convLstm2d', given(schema, options)),
})

/** Other layers transpose to channels last before calling an engine; the cell of tf.layers does not. */
function channelsLimit(dataFormat: 'channelsLast' | 'channelsFirst'): EngineLimit {
  return {
    option: 'dataFormat',
    applies: dataFormat === 'channelsFirst',
    why: 'the wasm and node engines cannot convolve images with the channels first',
    help: 'add `permute: { dims: [1, 3, 4, 2] }` before it to move the channels last',
  }
}
