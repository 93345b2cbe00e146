/** Transposed convolutions: the gradient of a convolution, used as a layer that enlarges an image or a volume. */
import { callsTo } from '../../language/calls.ts'
import { stridesWithDilation } from '../../diagnostics/shapeMessages.ts'
import { checkChannels, slidingFields } from './convolution.ts'
import { addDim, knownSize, scaleDim, type Dim } from '../../language/dims.ts'
import { activation, activityRegularizer, biasFields, eachAxis, filters, kernelFields } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { given, layerCall } from '../../language/lowerOptions.ts'
import { fieldsOf } from '../../language/schema.ts'
import { joinChannels, splitChannels } from './window.ts'

const call = callsTo<typeof import('./convolution.run.ts')>()

/** The output size: size · stride for `same`; size · stride + max(kernel - stride, 0) for `valid` (tf.layers, `deconvLength`). */
function enlarge(size: Dim, stride: number, kernel: number, padding: string): Dim {
  return addDim(scaleDim(size, stride), padding === 'valid' ? Math.max(kernel - stride, 0) : 0)
}

export function defineTransposedConvolution(factory: 'conv2dTranspose' | 'conv3dTranspose', axes: 2 | 3) {
  const schema = fieldsOf(
    { filters, ...slidingFields(axes), activation, ...kernelFields, ...biasFields, activityRegularizer },
    `Transposed ${axes}-d convolution, which enlarges its input by the strides. \`same\` gives size · stride, \`valid\` size · stride + max(kernel - stride, 0).`,
  )
  return defineLayer({
    schema,
    shape(options, [input]) {
      const misfit = checkChannels(factory, input, axes, options.dataFormat)
      if (misfit) return misfit
      const strides = eachAxis(options.strides, axes)
      const rates = eachAxis(options.dilationRate, axes)
      if (Math.max(...strides) > 1 && Math.max(...rates) > 1) {
        const clash = stridesWithDilation(strides.join('x'), rates.join('x'))
        return problem({ ...clash, option: 'dilationRate', suggestions: [{ kind: 'remove', option: 'dilationRate' }] })
      }
      const spans = eachAxis(options.kernelSize, axes).map((size, axis) => (size - 1) * rates[axis]! + 1)
      const { spatial } = splitChannels(input, options.dataFormat)
      const enlarged = spatial.map((size, axis) => enlarge(size, strides[axis]!, spans[axis]!, options.padding))
      return ok(joinChannels({ spatial: enlarged, channels: options.filters }, options.dataFormat))
    },
    weights(options, [input]) {
      const channels = splitChannels(input, options.dataFormat).channels as number
      const kernel = [...eachAxis(options.kernelSize, axes), options.filters, channels]
      const bias = { name: 'bias', shape: [options.filters], trainable: true }
      return [{ name: 'kernel', shape: kernel, trainable: true }, ...(options.useBias ? [bias] : [])]
    },
    /** Each value of the input is multiplied by the whole kernel. */
    flops(options, [input]) {
      const window = knownSize(eachAxis(options.kernelSize, axes))
      return 2 * knownSize(input) * window * options.filters
    },
    nodePatches: () => (axes === 3 ? ['fixTransposedConvolution3d'] : []),
    /** The layers of tf.layers ignore dilation, and in 3-d the padding is negative if the stride exceeds the kernel. */
    lower(options) {
      const isDilated = Math.max(...eachAxis(options.dilationRate, axes)) > 1
      return axes === 3 || isDilated
        ? call(`${factory}Layer`, given(schema, options))
        : layerCall(factory, given(schema, options))
    },
  })
}
