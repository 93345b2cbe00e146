/** 2-d convolution: filters of kernelSize slide over an image. */
import { stridesWithDilation, unknownSize } from '../diagnostics/shapeMessages.ts'
import { formatShape, isKnown, productOf } from './dims.ts'
import {
  activation,
  activityRegularizer,
  biasFields,
  dataFormat,
  eachAxis,
  filters,
  kernelFields,
  paddingField,
  perAxis,
} from './fields.ts'
import { defineLayer, ok, problem } from './layerDef.ts'
import { lowerLayer } from './lowerOptions.ts'
import { notAnImage } from './rank.ts'
import { fieldsOf, withDefault } from './schema.ts'
import { joinChannels, slideWindow, splitChannels } from './window.ts'

const schema = fieldsOf(
  {
    filters,
    kernelSize: perAxis('Height and width of the kernel; one number for both.', 2, 3),
    strides: withDefault(perAxis('How far the kernel moves from one position to the next.', 2, 2), 1),
    padding: paddingField,
    dataFormat,
    dilationRate: withDefault(perAxis('The distance between the values that a kernel reads.', 2, 2), 1),
    activation,
    ...kernelFields,
    ...biasFields,
    activityRegularizer,
  },
  '2-d convolution over height x width x channels.',
)

export const conv2d = defineLayer({
  schema,
  shape(options, [image]) {
    const misfit = notAnImage('conv2d', image!)
    if (misfit) return misfit
    const { spatial, channels } = splitChannels(image!, options.dataFormat)
    const strides = eachAxis(options.strides, 2)
    const dilations = eachAxis(options.dilationRate, 2)
    if (!isKnown(channels)) {
      return problem(unknownSize({ layer: 'conv2d', what: 'the number of channels', input: formatShape(image!) }))
    }
    if (Math.max(...strides) > 1 && Math.max(...dilations) > 1) {
      const clash = stridesWithDilation(strides.join('x'), dilations.join('x'))
      return problem({ ...clash, option: 'dilationRate', suggestions: [{ kind: 'remove', option: 'dilationRate' }] })
    }
    const sizes = eachAxis(options.kernelSize, 2)
    const slid = slideWindow(spatial, { option: 'kernelSize', sizes, strides, dilations, padding: options.padding })
    return slid.ok ? ok(joinChannels({ spatial: slid.value, channels: options.filters }, options.dataFormat)) : slid
  },
  weights(options, [image]) {
    const channels = splitChannels(image!, options.dataFormat).channels as number
    const kernel = [...eachAxis(options.kernelSize, 2), channels, options.filters]
    const bias = { name: 'bias', shape: [options.filters], trainable: true }
    return [{ name: 'kernel', shape: kernel, trainable: true }, ...(options.useBias ? [bias] : [])]
  },
  flops(options, [image], output) {
    const [height, width] = eachAxis(options.kernelSize, 2)
    const channels = splitChannels(image!, options.dataFormat).channels as number
    const values = productOf(output)
    return isKnown(values) ? 2 * values * height! * width! * channels : 0
  },
  lower: (options) => lowerLayer('conv2d', schema, options),
})
