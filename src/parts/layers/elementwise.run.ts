import * as tf from '@tensorflow/tfjs'
import type { FactoryOptions } from './preprocessing.run.ts'

/** tf.layers.softmax over another axis than the last, for which the stock layer throws. */
export function softmaxLayer(options: FactoryOptions<typeof tf.layers.softmax>): tf.layers.Layer {
  const axis = [options.axis ?? -1].flat()[0]!
  return withFunction(tf.layers.softmax(options), (values) => {
    const place = axis < 0 ? values.rank + axis : axis
    const order = values.shape.map((_size, index) => index)
    order[place] = values.rank - 1
    order[values.rank - 1] = place
    return tf.softmax(values.transpose(order)).transpose(order)
  })
}

/** tf.layers.elu with an `alpha` other than 1, for which the stock layer throws: alpha · (eˣ - 1) below zero. */
export function eluLayer({ alpha = 1, ...options }: FactoryOptions<typeof tf.layers.elu>): tf.layers.Layer {
  const layer = tf.layers.elu(options)
  const describe = layer.getConfig.bind(layer)
  layer.getConfig = () => ({ ...describe(), alpha })
  return withFunction(layer, (values) => tf.relu(values).add(tf.elu(tf.relu(values.neg()).neg()).mul(alpha)))
}

/** tf.layers.thresholdedReLU with a gradient: that of the stock layer's comparison is missing in TensorFlow.js. */
export function thresholdedReLULayer(options: FactoryOptions<typeof tf.layers.thresholdedReLU>): tf.layers.Layer {
  const { theta = 1 } = options
  return withFunction(tf.layers.thresholdedReLU(options), (values) => values.mul(tf.step(values.sub(theta))))
}

/** tf.layers.masking with a gradient: marks are numbers that nothing changes, and what they keep is handed on. */
export function maskingLayer(options: FactoryOptions<typeof tf.layers.masking>): tf.layers.Layer {
  const { maskValue = 0 } = options
  const layer = withFunction(tf.layers.masking(options), (values) => {
    const kept = markSteps(values, maskValue)
    return values.mul(kept.expandDims(-1))
  })
  layer.computeMask = (tensors) => {
    const values = Array.isArray(tensors) ? tensors[0]! : tensors
    return tf.tidy(() => markSteps(values, maskValue))
  }
  return layer
}

/** For each step, whether one of its values is another than `maskValue`; a constant, whatever the values follow from. */
function markSteps(values: tf.Tensor, maskValue: number): tf.Tensor {
  const mark = tf.customGrad((given) => {
    const steps = given as tf.Tensor
    // The gradient runs when the values are disposed already, so it takes no more than their shape.
    return { value: steps.notEqual(maskValue).any(-1), gradFunc: () => tf.zeros(steps.shape) }
  })
  return mark(values)
}

/** tf.layers.dense on samples of any number of axes; the stock layer adds its bias to four at most. */
export function denseLayer(options: FactoryOptions<typeof tf.layers.dense>): tf.layers.Layer {
  const layer = tf.layers.dense(options)
  const run = layer.call.bind(layer)
  layer.call = (tensors, settings) =>
    tf.tidy(() => {
      const values = Array.isArray(tensors) ? tensors[0]! : tensors
      const rows = run(values.reshape([-1, values.shape.at(-1)!]), settings) as tf.Tensor
      return rows.reshape([...values.shape.slice(0, -1), options.units])
    })
  return layer
}

/** The layer, which computes that function of its one input. */
function withFunction(layer: tf.layers.Layer, compute: (values: tf.Tensor) => tf.Tensor): tf.layers.Layer {
  layer.call = (tensors) => tf.tidy(() => compute(Array.isArray(tensors) ? tensors[0]! : tensors))
  return layer
}
