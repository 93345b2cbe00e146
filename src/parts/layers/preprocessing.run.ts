/** Preprocessing layers with fixes for the output shapes of tf.layers. */
import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'

/** The sizes of a tensor, batch first; null is a size known only at run time. */
export type BatchShape = (number | null)[]

/** The options of a layer factory of tf.layers. */
export type FactoryOptions<Factory extends (options: never) => tf.layers.Layer> = NonNullable<Parameters<Factory>[0]>

/**
 * tf.layers.resizing with two fixes: the stock layer's output shape has no batch, so no layer can follow, and in a network
 * it treats the list of its inputs as an image.
 */
export function resizingLayer(options: FactoryOptions<typeof tf.layers.resizing>): tf.layers.Layer {
  const { height, width } = options
  return withShape(tf.layers.resizing(options), ([batch, , , channels]) => [batch!, height, width, channels!])
}

/** tf.layers.categoryEncoding with a fix: the stock layer overwrites its input's shape, so no data fit. */
export function categoryEncodingLayer(options: FactoryOptions<typeof tf.layers.categoryEncoding>): tf.layers.Layer {
  return withShape(tf.layers.categoryEncoding(options), ([batch]) => [batch!, options.numTokens])
}

/** tf.layers.randomWidth with a fix: the stock layer's output shape has no batch. */
export function randomWidthLayer(options: FactoryOptions<typeof tf.layers.randomWidth>): tf.layers.Layer {
  return withShape(tf.layers.randomWidth(options), ([batch, height, , channels]) => [batch!, height!, null, channels!])
}

/** tf.layers.cropping2D with a fix: the stock layer treats an unknown size as 0, and computes a negative one. */
export function cropping2DLayer(options: FactoryOptions<typeof tf.layers.cropping2D>): tf.layers.Layer {
  const layer = tf.layers.cropping2D(options)
  const state = layer.computeOutputShape.bind(layer)
  return withShape(layer, (inputShape) => {
    const stated = state(inputShape) as BatchShape
    return stated.map((size, axis) => (inputShape[axis] === null ? null : size!))
  })
}

/**
 * tf.layers.centerCrop for images whose size is known only at run time: the stock layer overwrites its input's size with that
 * of its output, and crops one column off the center.
 */
export function centerCropLayer(options: FactoryOptions<typeof tf.layers.centerCrop>): tf.layers.Layer {
  const { height, width } = options
  const layer = tf.layers.centerCrop(options)
  layer.computeOutputShape = (inputShape) => [inputShape[0] as number, height, width, inputShape[3] as number]
  layer.call = (tensors) => {
    const images = Array.isArray(tensors) ? tensors[0]! : tensors
    const [rows, columns] = images.shape.slice(1, 3) as [number, number]
    if (rows < height || columns < width) {
      const message = `\`${layer.name}\` crops ${height}x${width} from images of ${rows}x${columns}.`
      throw new KnownError('training', message, 'Use larger images, or `resizing`.')
    }
    const begin = [0, Math.floor((rows - height) / 2), Math.floor((columns - width) / 2), 0]
    return images.slice(begin, [-1, height, width, -1])
  }
  return layer
}

/** Replaces the output shape of a layer, and calls it with its single input instead of a list. */
function withShape(layer: tf.layers.Layer, outputShape: (inputShape: BatchShape) => BatchShape): tf.layers.Layer {
  const run = layer.call.bind(layer)
  layer.computeOutputShape = (inputShape) => outputShape(inputShape as BatchShape)
  layer.call = (tensors, settings) => run(Array.isArray(tensors) ? tensors[0]! : tensors, settings)
  return layer
}
