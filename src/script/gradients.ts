/** What is done to gradients, and to weights beside them, in a step. */
import * as tf from '@tensorflow/tfjs'

/** Gradients clipped by the norm of all of them together. */
export function clipByNorm(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  const factor = normFactor(Object.values(gradients), limit)
  return mapGradients(gradients, (gradient) => tf.mul(gradient, factor))
}

/**
 * What all gradients are multiplied by so that their norm together is at most the limit: 1, to the bit, where it is
 * (global_clipnorm of Keras's optimizers, torch.nn.utils.clip_grad_norm_).
 */
export function normFactor(gradients: tf.Tensor[], limit: number): tf.Tensor {
  const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))))
  return tf.div(limit, tf.maximum(norm, limit))
}

/** Gradients whose numbers are kept within [-limit, limit]. */
export function clipByValue(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  return mapGradients(gradients, (gradient) => tf.clipByValue(gradient, -limit, limit))
}

function mapGradients(gradients: tf.NamedTensorMap, change: (gradient: tf.Tensor) => tf.Tensor): tf.NamedTensorMap {
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, change(gradient)]))
}

/**
 * Shrinks weights, whatever their gradient: w ← w - w * decay (Loshchilov and Hutter, 2017).
 *
 * @param gradients Weights that have none stay as they are.
 */
export function decayWeights(model: tf.LayersModel, decay: number, gradients?: tf.NamedTensorMap): void {
  for (const weight of changedWeights(model, gradients)) {
    const value = weight.read() as tf.Variable
    if (decays(weight.originalName)) value.assign(tf.sub(value, tf.mul(value, decay)))
  }
}

/** Only what multiplies inputs decays: kernels and embeddings, not biases, normalization or the slopes of rectifiers. */
export function decays(name: string): boolean {
  return /(kernel|embeddings)$/.test(name)
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
