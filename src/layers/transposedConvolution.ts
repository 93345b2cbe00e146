/** Transposed convolutions: the gradient of a convolution as a layer, which enlarges an image or a volume. */
import { noGradient } from '../diagnostics/shapeMessages.ts'
import { checkChannels, slidingFields } from './convolution.ts'
import { addDim, knownSize, scaleDim, type Dim } from './dims.ts'
import { activityRegularizerLimit, beyondEngine } from './engineLimits.ts'
import { activation, activityRegularizer, biasFields, eachAxis, filters, kernelFields } from './fields.ts'
import { defineLayer, ok } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { fieldsOf } from './schema.ts'
import { joinChannels, splitChannels } from './window.ts'

/** size · stride for `same`; size · stride + max(kernel - stride, 0) for `valid` (tf.layers, `deconvLength`). */
function enlarge(size: Dim, stride: number, kernel: number, padding: 'valid' | 'same'): Dim {
  return addDim(scaleDim(size, stride), padding === 'valid' ? Math.max(kernel - stride, 0) : 0)
}

export function defineTransposedConvolution(factory: string, axes: 2 | 3) {
  const schema = fieldsOf(
    { filters, ...slidingFields(axes), activation, ...kernelFields, ...biasFields, activityRegularizer },
    `Transposed ${axes}-d convolution: enlarges by its strides. \`same\` gives size · stride, \`valid\` size · stride + max(kernel - stride, 0).`,
  )
  return defineLayer({
    schema,
    shape(options, [input]) {
      const limit = beyondEngine(factory, [
        activityRegularizerLimit(options),
        {
          option: 'dilationRate',
          applies: Math.max(...eachAxis(options.dilationRate, axes)) > 1,
          why: 'it is ignored',
        },
      ])
      if (limit) return limit
      const misfit = checkChannels(factory, input!, axes, options.dataFormat)
      if (misfit) return misfit
      const strides = eachAxis(options.strides, axes)
      const kernel = eachAxis(options.kernelSize, axes)
      const { spatial } = splitChannels(input!, options.dataFormat)
      const enlarged = spatial.map((size, axis) => enlarge(size, strides[axis]!, kernel[axis]!, options.padding))
      return ok(joinChannels({ spatial: enlarged, channels: options.filters }, options.dataFormat))
    },
    weights(options, [input]) {
      const channels = splitChannels(input!, options.dataFormat).channels as number
      const kernel = [...eachAxis(options.kernelSize, axes), options.filters, channels]
      const bias = { name: 'bias', shape: [options.filters], trainable: true }
      return [{ name: 'kernel', shape: kernel, trainable: true }, ...(options.useBias ? [bias] : [])]
    },
    /** Every value of the input is multiplied by the whole kernel. */
    flops(options, [input]) {
      const window = knownSize(eachAxis(options.kernelSize, axes))
      return 2 * knownSize(input!) * window * options.filters
    },
    missingGradient() {
      if (axes !== 3) return undefined
      const help = 'there is no other 3-d layer that enlarges; reshape to 2-d and use `conv2dTranspose`'
      const why = 'TensorFlow.js has no gradient of a transposed 3-d convolution'
      return { ...noGradient({ layer: factory, why, help }), ownWeights: true }
    },
    lower: (options) => lowerLayer(factory, schema, options),
  })
}
