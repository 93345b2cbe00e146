/** Depthwise 2-d convolution: each channel has its own filters, without a sum over channels. */
import { callsTo } from '../../language/calls.ts'
import { convolve, kernelReceptiveFields, patchesOfDepthwise, slidingFields } from './convolution.ts'
import { knownSize } from '../../language/dims.ts'
import {
  activation,
  activityRegularizer,
  biasFields,
  constraintField,
  depthMultiplier,
  eachAxis,
  initializerField,
  regularizerField,
} from '../../language/fields.ts'
import { defineLayer } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'
import { splitChannels } from './window.ts'

const call = callsTo<typeof import('./convolution.run.ts')>()

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
  'Depthwise 2-d convolution: separate filters for each channel. The output has depthMultiplier · channels.',
)

export const depthwiseConv2d = defineLayer({
  aliases: {
    same: ['DepthwiseConv', 'DepthwiseConvolution2D'],
    options: {
      depthwiseInitializer: { near: ['kernel_initializer'] },
      depthwiseRegularizer: { near: ['kernel_regularizer'] },
      depthwiseConstraint: { near: ['kernel_constraint'] },
      depthMultiplier: { same: ['channel_multiplier'] },
    },
  },
  schema,
  shape(options, [image]) {
    return convolve('depthwiseConv2d', options, image, 2, (channels) => channels * options.depthMultiplier)
  },
  receptiveFields: (options) => kernelReceptiveFields(options, 2),
  weights(options, [image]) {
    const channels = splitChannels(image, options.dataFormat).channels as number
    const kernel = [...eachAxis(options.kernelSize, 2), channels, options.depthMultiplier]
    const bias = { name: 'bias', shape: [channels * options.depthMultiplier], trainable: true }
    return [{ name: 'depthwiseKernel', shape: kernel, trainable: true }, ...(options.useBias ? [bias] : [])]
  },
  flops(options, _inputs, output) {
    const window = knownSize(eachAxis(options.kernelSize, 2))
    return 2 * knownSize(output) * window
  },
  nodePatches: (options) => patchesOfDepthwise(options),
  /** The layer of tf.layers ignores dilation. */
  lower: (options) =>
    Math.max(...eachAxis(options.dilationRate, 2)) > 1
      ? call('depthwiseConv2dLayer', given(schema, options))
      : layerCall('depthwiseConv2d', given(schema, options)),
})
