/** Layers of activations, masking and dense products with fixes for options that tf.layers gets wrong. */
import * as tf from '@tensorflow/tfjs'
import type { FactoryOptions } from './preprocessing.run.ts'

/** tf.layers.softmax over any axis; the stock layer throws for others than the last. */
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

/** tf.layers.elu with any `alpha`, alpha · (eˣ - 1) below zero; the stock layer throws for others than 1. */
export function eluLayer({ alpha = 1, ...options }: FactoryOptions<typeof tf.layers.elu>): tf.layers.Layer {
  const layer = tf.layers.elu(options)
  const describe = layer.getConfig.bind(layer)
  layer.getConfig = () => ({ ...describe(), alpha })
  return withFunction(layer, (values) => tf.relu(values).add(tf.elu(tf.relu(values.neg()).neg()).mul(alpha)))
}

/** tf.layers.thresholdedReLU with a gradient; TensorFlow.js has none for the comparison in the stock layer. */
export function thresholdedReLULayer(options: FactoryOptions<typeof tf.layers.thresholdedReLU>): tf.layers.Layer {
  const { theta = 1 } = options
  return withFunction(tf.layers.thresholdedReLU(options), (values) => values.mul(tf.step(values.sub(theta))))
}

/** tf.layers.masking with a gradient: the mask is a constant, and the gradient passes through the steps that it keeps. */
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

/** For each step, whether any of its values differs from `maskValue`; its gradient is 0. */
function markSteps(values: tf.Tensor, maskValue: number): tf.Tensor {
  const mark = tf.customGrad((given) => {
    const steps = given as tf.Tensor
    // When the gradient runs, the values are already disposed, so it uses only their shape.
    return { value: steps.notEqual(maskValue).any(-1), gradFunc: () => tf.zeros(steps.shape) }
  })
  return mark(values)
}

/** tf.layers.dense for samples of any rank; the stock layer supports a bias for at most four axes. */
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

/** Replaces the computation of a layer with one input. */
function withFunction(layer: tf.layers.Layer, compute: (values: tf.Tensor) => tf.Tensor): tf.layers.Layer {
  layer.call = (tensors) => tf.tidy(() => compute(Array.isArray(tensors) ? tensors[0]! : tensors))
  return layer
}
