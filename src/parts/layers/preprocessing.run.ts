import * as tf from '@tensorflow/tfjs'
import { KnownError } from '../../system/knownError.ts'

/** Sizes of a tensor, the batch first; null is not known before the run. */
export type BatchShape = (number | null)[]

/** What a factory of tf.layers takes. */
export type FactoryOptions<Factory extends (options: never) => tf.layers.Layer> = NonNullable<Parameters<Factory>[0]>

/**
 * tf.layers.resizing, mended: its own shape leaves out the batch, so that no layer can follow, and run in a network it
 * takes a list of images for an image.
 */
export function resizingLayer(options: FactoryOptions<typeof tf.layers.resizing>): tf.layers.Layer {
  const { height, width } = options
  return withShape(tf.layers.resizing(options), ([batch, , , channels]) => [batch!, height, width, channels!])
}

/** tf.layers.categoryEncoding, mended: its own shape is written over that of its input, so that no data fits. */
export function categoryEncodingLayer(options: FactoryOptions<typeof tf.layers.categoryEncoding>): tf.layers.Layer {
  return withShape(tf.layers.categoryEncoding(options), ([batch]) => [batch!, options.numTokens])
}

/** tf.layers.randomWidth, mended: its own shape leaves out the batch. */
export function randomWidthLayer(options: FactoryOptions<typeof tf.layers.randomWidth>): tf.layers.Layer {
  return withShape(tf.layers.randomWidth(options), ([batch, height, , channels]) => [batch!, height!, null, channels!])
}

/** tf.layers.cropping2D, mended: its own shape counts a size that is not known as 0, and falls below it. */
export function cropping2DLayer(options: FactoryOptions<typeof tf.layers.cropping2D>): tf.layers.Layer {
  const layer = tf.layers.cropping2D(options)
  const state = layer.computeOutputShape.bind(layer)
  return withShape(layer, (inputShape) => {
    const stated = state(inputShape) as BatchShape
    return stated.map((size, axis) => (inputShape[axis] === null ? null : size!))
  })
}

/**
 * tf.layers.centerCrop of images whose size is known only when they come: the stock layer writes its output's size over its
 * input's, and is a column off.
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

/** The layer with another account of its output's shape, and run on the one tensor that it takes. */
function withShape(layer: tf.layers.Layer, outputShape: (inputShape: BatchShape) => BatchShape): tf.layers.Layer {
  const run = layer.call.bind(layer)
  layer.computeOutputShape = (inputShape) => outputShape(inputShape as BatchShape)
  layer.call = (tensors, settings) => run(Array.isArray(tensors) ? tensors[0]! : tensors, settings)
  return layer
}
