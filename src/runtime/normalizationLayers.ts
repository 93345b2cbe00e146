import * as tf from '@tensorflow/tfjs'
import type { FactoryOptions } from './preprocessingLayers.ts'

/** What both normalizations read while they run. */
interface Normalization {
  scale: boolean
  center: boolean
  gamma?: { read(): tf.Tensor }
  beta?: { read(): tf.Tensor }
}

/** tf.layers.batchNormalization without `scale` or `center`, mended: stock, it throws in training. */
export function batchNormalizationLayer(options: FactoryOptions<typeof tf.layers.batchNormalization>): tf.layers.Layer {
  return withConstants(tf.layers.batchNormalization(options), [options.axis ?? -1])
}

/** tf.layers.layerNormalization without `scale` or `center`, mended: stock, it has no gradient. */
export function layerNormalizationLayer(options: FactoryOptions<typeof tf.layers.layerNormalization>): tf.layers.Layer {
  return withConstants(tf.layers.layerNormalization(options), [options.axis ?? -1].flat())
}

/** The layer with ones for the factor, and zeros for the offset, that it does not learn; saved, it is as it was. */
function withConstants(layer: tf.layers.Layer, axes: readonly number[]): tf.layers.Layer {
  const normalization = layer as tf.layers.Layer & Normalization
  const { scale, center } = normalization
  const build = layer.build.bind(layer)
  const run = layer.call.bind(layer)
  const describe = layer.getConfig.bind(layer)
  /** That of the input that it runs on: applied elsewhere, it may be given another one. */
  let shape: number[] = []
  layer.build = (inputShape) => {
    build(inputShape)
    normalization.gamma ??= { read: () => tf.ones(shape) }
    normalization.beta ??= { read: () => tf.zeros(shape) }
    normalization.scale = true
    normalization.center = true
  }
  layer.call = (tensors, settings) => {
    const values = Array.isArray(tensors) ? tensors[0]! : tensors
    shape = axes.map((axis) => values.shape.at(axis)!)
    return run(tensors, settings)
  }
  layer.getConfig = () => ({ ...describe(), scale, center })
  return layer
}
