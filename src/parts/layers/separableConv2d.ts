/** Separable 2-d convolution: a depthwise one, then a 1x1 convolution that mixes the channels (Chollet, 2016). */
import { callsTo } from '../../language/calls.ts'
import { convolve, kernelReceptiveFields, patchesOfDepthwise, patchesOfDilation, slidingFields } from './convolution.ts'
import { knownSize } from '../../language/dims.ts'
import {
  activation,
  activityRegularizer,
  biasFields,
  constraintField,
  depthMultiplier,
  eachAxis,
  filters,
  initializerField,
  optionalInitializerField,
  regularizerField,
} from '../../language/fields.ts'
import { defineLayer } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'
import { splitChannels } from './window.ts'

const call = callsTo<typeof import('./convolution.run.ts')>()

const schema = fieldsOf(
  {
    filters,
    ...slidingFields(2),
    depthMultiplier,
    activation,
    depthwiseInitializer: initializerField('depthwise kernel', 'glorotUniform'),
    depthwiseRegularizer: regularizerField('depthwise kernel'),
    depthwiseConstraint: constraintField('depthwise kernel'),
    pointwiseInitializer: optionalInitializerField('pointwise kernel'),
    pointwiseRegularizer: regularizerField('pointwise kernel'),
    pointwiseConstraint: constraintField('pointwise kernel'),
    ...biasFields,
    activityRegularizer,
  },
  'Separable 2-d convolution: a separate convolution per channel, then a 1x1 convolution that mixes the channels.',
)

export const separableConv2d = defineLayer({
  aliases: { same: ['SeparableConv', 'SeparableConvolution2D'] },
  schema,
  shape: (options, [image]) => convolve('separableConv2d', options, image, 2, () => options.filters),
  receptiveFields: (options) => kernelReceptiveFields(options, 2),
  weights(options, [image]) {
    const channels = splitChannels(image, options.dataFormat).channels as number
    const { kernelSize, depthMultiplier: multiplier, filters: outputs } = options
    const bias = { name: 'bias', shape: [outputs], trainable: true }
    return [
      { name: 'depthwiseKernel', shape: [...eachAxis(kernelSize, 2), channels, multiplier], trainable: true },
      { name: 'pointwiseKernel', shape: [1, 1, channels * multiplier, outputs], trainable: true },
      ...(options.useBias ? [bias] : []),
    ]
  },
  flops(options, [image], output) {
    const positions = knownSize(splitChannels(output, options.dataFormat).spatial)
    const channels = (splitChannels(image, options.dataFormat).channels as number) * options.depthMultiplier
    const window = knownSize(eachAxis(options.kernelSize, 2))
    return 2 * positions * channels * (window + options.filters)
  },
  nodePatches(options) {
    const ofDilation = patchesOfDilation(options)
    return [...patchesOfDepthwise(options, ofDilation.length > 0), ...ofDilation]
  },
  /**
   * The layer of tf.layers ignores the pointwise initializer, adds the bias along the width if channels are first, and is
   * saved without its depth multiplier.
   */
  lower: (options) =>
    options.pointwiseInitializer !== undefined || options.dataFormat === 'channelsFirst' || options.depthMultiplier > 1
      ? call('separableConv2dLayer', given(schema, options))
      : layerCall('separableConv2d', given(schema, options)),
})
