/** What is done to gradients, and to weights beside them, in a step. */
import * as tf from '@tensorflow/tfjs'

/** Gradients made smaller, all by one factor, where the norm of all of them together is above the limit. */
export function clipByNorm(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  const norm = tf.sqrt(tf.addN(Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)))))
  const factor = tf.div(limit, tf.maximum(norm, limit))
  return mapGradients(gradients, (gradient) => tf.mul(gradient, factor))
}

/** Gradients whose numbers are kept within [-limit, limit]. */
export function clipByValue(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  return mapGradients(gradients, (gradient) => tf.clipByValue(gradient, -limit, limit))
}

function mapGradients(gradients: tf.NamedTensorMap, change: (gradient: tf.Tensor) => tf.Tensor): tf.NamedTensorMap {
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, change(gradient)]))
}

/**
 * Shrinks weights, whatever their gradient: w ← w - w * decay (Loshchilov and Hutter, 2017). Only what multiplies inputs
 * decays: kernels and embeddings, and neither biases, nor factors and offsets of normalization.
 *
 * @param gradients Weights that have none stay as they are.
 */
export function decayWeights(model: tf.LayersModel, decay: number, gradients?: tf.NamedTensorMap): void {
  for (const weight of changedWeights(model, gradients)) {
    const value = weight.read() as tf.Variable
    if (/(kernel|embeddings)$/.test(weight.originalName)) value.assign(tf.sub(value, tf.mul(value, decay)))
  }
}

/**
 * Has weights keep to their constraints, which an optimizer does not know of.
 *
 * @param gradients Weights that have none stay as they are.
 */
export function applyConstraints(model: tf.LayersModel, gradients?: tf.NamedTensorMap): void {
  for (const weight of changedWeights(model, gradients)) weight.write(tf.clone(weight.read()))
}

function changedWeights({ trainableWeights }: tf.LayersModel, gradients?: tf.NamedTensorMap) {
  return trainableWeights.filter((weight) => !gradients || (weight.read() as tf.Variable).name in gradients)
}
