/** Depthwise 2-d convolution: every channel has filters of its own, and nothing is summed over channels. */
import { checkChannels, kernelSights, slideKernel, slidingFields } from './convolution.ts'
import { isKnown, productOf } from './dims.ts'
import { activityRegularizerLimit, beyondEngine } from './engineLimits.ts'
import {
  activation,
  activityRegularizer,
  biasFields,
  constraintField,
  depthMultiplier,
  eachAxis,
  initializerField,
  regularizerField,
} from './fields.ts'
import { defineLayer, ok } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { fieldsOf } from './schema.ts'
import { joinChannels, splitChannels } from './window.ts'

const schema = fieldsOf(
  {
    ...slidingFields(2),
    depthMultiplier,
    activation,
    depthwiseInitializer: initializerField('depthwise kernel', 'glorotNormal'),
    depthwiseRegularizer: regularizerField('depthwise kernel'),
    depthwiseConstraint: constraintField('depthwise kernel'),
    ...biasFields,
    activityRegularizer,
  },
  'Depthwise 2-d convolution: filters of its own for every channel; depthMultiplier · channels come out.',
)

export const depthwiseConv2d = defineLayer({
  schema,
  shape(options, [image]) {
    const limit = beyondEngine('depthwiseConv2d', [
      activityRegularizerLimit(options),
      {
        option: 'dilationRate',
        applies: Math.max(...eachAxis(options.dilationRate, 2)) > 1,
        why: 'it is ignored',
        help: '`separableConv2d` knows dilation',
      },
    ])
    if (limit) return limit
    const misfit = checkChannels('depthwiseConv2d', image!, 2, options.dataFormat)
    if (misfit) return misfit
    const { spatial, channels } = splitChannels(image!, options.dataFormat)
    const slid = slideKernel(options, spatial)
    if (!slid.ok) return slid
    const outputs = (channels as number) * options.depthMultiplier
    return ok(joinChannels({ spatial: slid.value, channels: outputs }, options.dataFormat))
  },
  sees: (options) => kernelSights(options, 2),
  weights(options, [image]) {
    const channels = splitChannels(image!, options.dataFormat).channels as number
    const kernel = [...eachAxis(options.kernelSize, 2), channels, options.depthMultiplier]
    const bias = { name: 'bias', shape: [channels * options.depthMultiplier], trainable: true }
    return [{ name: 'depthwiseKernel', shape: kernel, trainable: true }, ...(options.useBias ? [bias] : [])]
  },
  flops(options, _inputs, output) {
    const values = productOf(output)
    const window = productOf(eachAxis(options.kernelSize, 2)) as number
    return isKnown(values) ? 2 * values * window : 0
  },
  lower: (options) => lowerLayer('depthwiseConv2d', schema, options),
})
