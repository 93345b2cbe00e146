/** Batch and layer normalization as in Keras. */
import * as tf from '@tensorflow/tfjs'
import type { FactoryOptions } from './preprocessing.run.ts'

/** The properties that both normalization layers read. */
interface Normalization {
  scale: boolean
  center: boolean
  gamma?: { read(): tf.Tensor }
  beta?: { read(): tf.Tensor }
}

/** The further property of batch normalization. */
interface BatchStatistics {
  axis: number
}

/** A tensor as a matrix whose rows are normalized together, and the inverse of this conversion. */
interface Rows {
  readonly matrix: tf.Tensor2D
  restore(rows: tf.Tensor): tf.Tensor
}

/**
 * tf.layers.batchNormalization as in Keras. With `trainable: false`, it uses its moving averages in training too and does
 * not change them; it has a gradient without `scale` or `center`, and supports any axis and samples of any rank. The stock
 * layer does none of these.
 */
export function batchNormalizationLayer(options: FactoryOptions<typeof tf.layers.batchNormalization>): tf.layers.Layer {
  const axis = options.axis ?? -1
  const layer = withConstants(tf.layers.batchNormalization(options), [-1])
  const run = layer.call.bind(layer)
  const describe = layer.getConfig.bind(layer)
  layer.call = (tensors, settings) => {
    const mode = { ...settings, training: settings['training'] === true && layer.trainable }
    const values = Array.isArray(tensors) ? tensors[0]! : tensors
    const place = axis < 0 ? values.rank + axis : axis
    if (place === values.rank - 1 && values.rank <= 4) return run(values, mode)
    return tf.tidy(() => {
      const { matrix, restore } = rowsAlong(values, [place])
      return restore(run(matrix, mode) as tf.Tensor)
    })
  }
  const build = layer.build.bind(layer)
  layer.build = (inputShape) => {
    build(inputShape)
    // The stock layer always gets the axis as the last one.
    Object.assign(layer, { axis: -1 } satisfies BatchStatistics)
  }
  layer.getConfig = () => ({ ...describe(), axis })
  return layer
}

/**
 * tf.layers.layerNormalization with a gradient without `scale` or `center`, and for samples of any rank. The stock layer has
 * no gradient without them, and supports at most three axes.
 */
export function layerNormalizationLayer(options: FactoryOptions<typeof tf.layers.layerNormalization>): tf.layers.Layer {
  const given = [options.axis ?? -1].flat()
  const layer = withConstants(tf.layers.layerNormalization(options), given)
  const normalization = layer as tf.layers.Layer & Required<Normalization>
  const { epsilon = 1e-3 } = options
  const run = layer.call.bind(layer)
  layer.call = (tensors, settings) => {
    const values = Array.isArray(tensors) ? tensors[0]! : tensors
    if (values.rank <= 4) return run(values, settings)
    return tf.tidy(() => {
      const axes = given.map((axis) => (axis < 0 ? values.rank + axis : axis))
      const { matrix, restore } = rowsAlong(values, axes)
      const { mean, variance } = tf.moments(matrix, 1, true)
      const normalized = matrix.sub(mean).mul(variance.add(epsilon).rsqrt())
      const [gamma, beta] = [normalization.gamma, normalization.beta].map((weight) => weight.read().flatten())
      return restore(normalized.mul(gamma!).add(beta!))
    })
  }
  return layer
}

/** Reshapes values to a matrix whose rows contain the values along `axes`, in their order. */
function rowsAlong(values: tf.Tensor, axes: readonly number[]): Rows {
  const others = values.shape.map((_size, axis) => axis).filter((axis) => !axes.includes(axis))
  const order = [...others, ...axes]
  const moved = values.transpose(order)
  const width = axes.reduce((product, axis) => product * values.shape[axis]!, 1)
  return {
    matrix: moved.reshape([-1, width]),
    restore: (rows) => rows.reshape(moved.shape).transpose(order.map((_axis, place) => order.indexOf(place))),
  }
}

/** Replaces a missing factor by ones and a missing offset by zeros; the saved config stays the same. */
function withConstants(layer: tf.layers.Layer, axes: readonly number[]): tf.layers.Layer {
  const normalization = layer as tf.layers.Layer & Normalization
  const { scale, center } = normalization
  if (scale && center) return layer
  const build = layer.build.bind(layer)
  const run = layer.call.bind(layer)
  const describe = layer.getConfig.bind(layer)
  /** The sizes of the current input along `axes`, which may differ between calls. */
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
