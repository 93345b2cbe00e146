/** Changes of gradients before a step, and of weights beside their gradients. */
import * as tf from '@tensorflow/tfjs'

/** Clips gradients by their global norm. */
export function clipByNorm(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  const factor = normFactor(Object.values(gradients), limit)
  return mapGradients(gradients, (gradient) => tf.mul(gradient, factor))
}

/**
 * The factor that limits the global norm of the gradients: exactly 1 if the norm is within the limit
 * (global_clipnorm of Keras's optimizers, torch.nn.utils.clip_grad_norm_).
 */
export function normFactor(gradients: tf.Tensor[], limit: number): tf.Tensor {
  const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))))
  return tf.div(limit, tf.maximum(norm, limit))
}

/** Clips each value of the gradients to [-limit, limit]. */
export function clipByValue(gradients: tf.NamedTensorMap, limit: number): tf.NamedTensorMap {
  return mapGradients(gradients, (gradient) => tf.clipByValue(gradient, -limit, limit))
}

function mapGradients(gradients: tf.NamedTensorMap, change: (gradient: tf.Tensor) => tf.Tensor): tf.NamedTensorMap {
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, change(gradient)]))
}

/**
 * Decays weights independently of their gradients: w ← w - w * decay (Loshchilov and Hutter, 2017).
 *
 * @param gradients Weights without a gradient are left unchanged.
 */
export function decayWeights(
  model: Pick<tf.LayersModel, 'trainableWeights'>,
  decay: number,
  gradients?: tf.NamedTensorMap,
): void {
  for (const weight of changedWeights(model, gradients)) {
    const value = weight.read() as tf.Variable
    if (decays(weight.originalName)) value.assign(tf.sub(value, tf.mul(value, decay)))
  }
}

/**
 * Decays weights at the multiples of the learning rate that some layers have.
 *
 * @param factors By the name of the layer.
 */
export function decayLayers(
  model: tf.LayersModel,
  decay: number,
  factors: Readonly<Record<string, number>>,
  gradients?: tf.NamedTensorMap,
): void {
  for (const { name, trainableWeights } of model.layers) {
    const factor = factors[name] ?? 1
    decayWeights({ trainableWeights }, decay * factor, gradients)
  }
}

/** Whether a weight decays: kernels and embeddings do; biases, normalization and the slopes of rectifiers do not. */
export function decays(name: string): boolean {
  return /(kernel|embeddings)$/.test(name)
}

/**
 * Applies the constraints of weights, which optimizers ignore.
 *
 * @param gradients Weights without a gradient are left unchanged.
 */
export function applyConstraints(model: tf.LayersModel, gradients?: tf.NamedTensorMap): void {
  for (const weight of changedWeights(model, gradients)) weight.write(tf.clone(weight.read()))
}

function changedWeights({ trainableWeights }: Pick<tf.LayersModel, 'trainableWeights'>, gradients?: tf.NamedTensorMap) {
  return trainableWeights.filter((weight) => !gradients || (weight.read() as tf.Variable).name in gradients)
}
