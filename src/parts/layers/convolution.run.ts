/** Layers of convolution and pooling with fixes for options that tf.layers gets wrong. */
import * as tf from '@tensorflow/tfjs'
import { dilateKernel } from '../../script/dilateKernel.ts'
import type { BatchShape, FactoryOptions } from './preprocessing.run.ts'

/** The properties that convolution layers of tf.layers read. */
interface Convolution {
  kernel: { read(): tf.Tensor }
  depthwiseKernel: { read(): tf.Tensor }
  pointwiseInitializer: object
  bias: { read(): tf.Tensor1D } | null
  activation: { apply(values: tf.Tensor): tf.Tensor } | null
  kernelSize: readonly number[]
  strides: readonly number[]
  dilationRate: readonly number[]
  dataFormat: 'channelsFirst' | 'channelsLast'
}

type ConvolutionLayer = tf.layers.Layer & Convolution

/**
 * tf.layers.conv2d with dilation. The stock layer fuses the bias into the kernel, which has no gradient with dilation in
 * TensorFlow.js. Like the stock layer, it throws if there are also strides, which `check` reports.
 */
export function dilatedConv2dLayer(options: FactoryOptions<typeof tf.layers.conv2d>): tf.layers.Layer {
  const layer = convolutionOf(tf.layers.conv2d(options))
  const { padding = 'valid', dataFormat } = options
  layer.call = (tensors) =>
    tf.tidy(() => {
      const { kernel, bias, activation, strides, dilationRate } = layer
      const image = Array.isArray(tensors) ? tensors[0]! : tensors
      const channelsFirst = dataFormat === 'channelsFirst'
      const last = (channelsFirst ? tf.transpose(image, [0, 2, 3, 1]) : image) as tf.Tensor4D
      const [weights, step, rate] = [kernel.read() as tf.Tensor4D, strides as [number, number], dilationRate]
      const sums = tf.conv2d(last, weights, step, padding as 'valid', 'NHWC', rate as [number, number])
      const shifted = bias === null ? sums : sums.add(bias.read())
      const output = channelsFirst ? tf.transpose(shifted, [0, 3, 1, 2]) : shifted
      return activation === null ? output : activation.apply(output)
    })
  return layer
}

/**
 * tf.layers.conv1d with `padding: causal`, where no output depends on later steps, and with `dataFormat: channelsFirst`. The
 * stock layer throws for the former, and returns the channels last for the latter.
 */
export function conv1dLayer(options: FactoryOptions<typeof tf.layers.conv1d>): tf.layers.Layer {
  const layer = convolutionOf(tf.layers.conv1d(options))
  const isCausal = (options.padding as string) === 'causal'
  const isFirst = options.dataFormat === 'channelsFirst'
  const run = layer.call.bind(
    Object.create(layer, {
      dataFormat: { value: 'channelsLast' },
      ...(isCausal && { padding: { value: 'valid' } }),
    }) as ConvolutionLayer,
  )
  layer.call = (tensors, settings) =>
    tf.tidy(() => {
      const values = Array.isArray(tensors) ? tensors[0]! : tensors
      const steps = isFirst ? values.transpose([0, 2, 1]) : values
      const reach = isCausal ? (layer.kernelSize[0]! - 1) * layer.dilationRate[0]! : 0
      const padded =
        reach === 0
          ? steps
          : steps.pad([
              [0, 0],
              [reach, 0],
              [0, 0],
            ])
      const output = run(padded, settings) as tf.Tensor
      return isFirst ? output.transpose([0, 2, 1]) : output
    })
  if (isCausal) {
    layer.computeOutputShape = (inputShape) => {
      const [batch, ...sizes] = inputShape as BatchShape
      const steps = sizes[isFirst ? 1 : 0]!
      const left = steps === null ? null : Math.ceil(steps / layer.strides[0]!)
      return isFirst ? [batch!, options.filters, left] : [batch!, left, options.filters]
    }
  }
  const describe = layer.getConfig.bind(layer)
  layer.getConfig = () => ({ ...describe(), ...(isFirst && { dataFormat: 'channelsFirst' }) })
  return layer
}

/**
 * tf.layers.conv3d with dilation, for which TensorFlow.js has no gradient, and with windows shorter than their strides, for
 * which the stock layer with `padding: same` skips the first positions.
 */
export function conv3dLayer(options: FactoryOptions<typeof tf.layers.conv3d>): tf.layers.Layer {
  return withoutGaps(withDilatedKernel(tf.layers.conv3d(options)), options.kernelSize, options)
}

/** tf.layers.depthwiseConv2d with the dilation that the stock layer ignores. */
export function depthwiseConv2dLayer(options: FactoryOptions<typeof tf.layers.depthwiseConv2d>): tf.layers.Layer {
  return withDilatedKernel(tf.layers.depthwiseConv2d(options))
}

/** tf.layers.conv2dTranspose with the dilation that the stock layer ignores. */
export function conv2dTransposeLayer(options: FactoryOptions<typeof tf.layers.conv2dTranspose>): tf.layers.Layer {
  return withDilatedKernel(tf.layers.conv2dTranspose(options))
}

/**
 * tf.layers.conv3dTranspose with the dilation that the stock layer ignores. A kernel shorter than its stride is extended by
 * zeros, because TensorFlow.js would compute a negative padding.
 */
export function conv3dTransposeLayer(options: FactoryOptions<typeof tf.layers.conv3dTranspose>): tf.layers.Layer {
  const layer = convolutionOf(tf.layers.conv3dTranspose(options))
  return withDilatedKernel(layer, options.padding === 'same' ? layer.strides : [1, 1, 1])
}

/**
 * tf.layers.separableConv2d that respects the initializer of the pointwise kernel, supports a bias with channels first, and
 * saves its depth multiplier, without which it cannot be loaded.
 */
export function separableConv2dLayer(options: FactoryOptions<typeof tf.layers.separableConv2d>): tf.layers.Layer {
  const layer = convolutionOf(tf.layers.separableConv2d(options))
  const { pointwiseInitializer, dataFormat, depthMultiplier = 1 } = options
  const describe = layer.getConfig.bind(layer)
  layer.getConfig = () => ({ ...describe(), depthMultiplier })
  if (typeof pointwiseInitializer === 'object') layer.pointwiseInitializer = pointwiseInitializer
  if (dataFormat !== 'channelsFirst') return layer
  const run = layer.call.bind(Object.create(layer, { dataFormat: { value: 'channelsLast' } }) as ConvolutionLayer)
  layer.call = (tensors, settings) =>
    tf.tidy(() => {
      const images = Array.isArray(tensors) ? tensors[0]! : tensors
      return (run(images.transpose([0, 2, 3, 1]), settings) as tf.Tensor).transpose([0, 3, 1, 2])
    })
  return layer
}

/** tf.layers.maxPooling3d with windows shorter than their strides; see `conv3dLayer`. */
export function maxPooling3dLayer(options: FactoryOptions<typeof tf.layers.maxPooling3d>): tf.layers.Layer {
  return withoutGaps(tf.layers.maxPooling3d(options), options.poolSize ?? 2, options)
}

/** tf.layers.averagePooling3d with windows shorter than their strides; see `conv3dLayer`. */
export function averagePooling3dLayer(options: FactoryOptions<typeof tf.layers.averagePooling3d>): tf.layers.Layer {
  return withoutGaps(tf.layers.averagePooling3d(options), options.poolSize ?? 2, options)
}

/** Adds the properties of convolutions, which the types of tf.layers do not declare. */
function convolutionOf(layer: tf.layers.Layer): ConvolutionLayer {
  return layer as ConvolutionLayer
}

/**
 * Runs a dilated layer without dilation, with a kernel that has zeros between its taps.
 *
 * @param least The smallest spatial sizes of the kernel; zeros are appended up to these.
 */
function withDilatedKernel(stock: tf.layers.Layer, least?: readonly number[]): tf.layers.Layer {
  const layer = convolutionOf(stock)
  const rates = layer.dilationRate
  const spans = layer.kernelSize.map((size, axis) => Math.max((size - 1) * rates[axis]! + 1, least?.[axis] ?? 1))
  const weight = 'depthwiseKernel' in layer ? 'depthwiseKernel' : 'kernel'
  const readDilated = () => dilateKernel(layer[weight].read(), rates, spans)
  const undilated = Object.create(layer, {
    [weight]: { value: { read: readDilated } },
    kernelSize: { value: spans },
    dilationRate: { value: rates.map(() => 1) },
  }) as ConvolutionLayer
  const run = layer.call.bind(undilated)
  const describe = layer.getConfig.bind(layer)
  layer.call = (tensors, settings) => tf.tidy(() => run(tensors, settings))
  layer.computeOutputShape = layer.computeOutputShape.bind(undilated)
  layer.getConfig = () => ({ ...describe(), dilationRate: [...rates] })
  return layer
}

/** Crops the input after the last window, so the padding of the layer is never negative. */
function withoutGaps(
  layer: tf.layers.Layer,
  window: number | readonly number[],
  options: { strides?: number | readonly number[]; padding?: string; dataFormat?: string; dilationRate?: unknown },
): tf.layers.Layer {
  if (options.padding !== 'same') return layer
  const axis = options.dataFormat === 'channelsFirst' ? 2 : 1
  const each = (value: number | readonly number[]) => (typeof value === 'number' ? [value, value, value] : value)
  const rates = each((options.dilationRate ?? 1) as number | readonly number[])
  const spans = each(window).map((size, index) => (size - 1) * rates[index]! + 1)
  const steps = each(options.strides ?? window)
  const run = layer.call.bind(layer)
  layer.call = (tensors, settings) =>
    tf.tidy(() => {
      const volume = Array.isArray(tensors) ? tensors[0]! : tensors
      const sizes = [...volume.shape]
      for (const [index, span] of spans.entries()) {
        const [size, step] = [sizes[axis + index]!, steps[index]!]
        sizes[axis + index] = Math.min(size, (Math.ceil(size / step) - 1) * step + span)
      }
      const begin = sizes.map(() => 0)
      return run(tf.util.arraysEqual(sizes, volume.shape) ? volume : volume.slice(begin, sizes), settings)
    })
  return layer
}
