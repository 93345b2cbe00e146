/** Optimizers with different learning rates for some layers. */
import * as tf from '@tensorflow/tfjs'
import { setLearningRate } from './learningRate.ts'

/**
 * Creates an optimizer that updates the weights of some layers at a multiple of the learning rate.
 *
 * @param create Creates the optimizer of the weights that share a rate.
 * @param factors By the name of the layer.
 */
export function layerRates(
  model: tf.LayersModel,
  learningRate: number,
  create: (learningRate: number) => tf.Optimizer,
  factors: Readonly<Record<string, number>>,
): tf.Optimizer {
  const factorOf = new Map<string, number>()
  for (const [layer, factor] of Object.entries(factors))
    for (const weight of model.getLayer(layer).weights) factorOf.set((weight.read() as tf.Variable).name, factor)
  const groups = new Map([1, ...factorOf.values()].map((factor) => [factor, create(learningRate * factor)]))
  return new LayerRates(groups, factorOf)
}

class LayerRates extends tf.Optimizer {
  readonly #groups: ReadonlyMap<number, tf.Optimizer>
  readonly #factorOf: ReadonlyMap<string, number>

  constructor(groups: ReadonlyMap<number, tf.Optimizer>, factorOf: ReadonlyMap<string, number>) {
    super()
    this.#groups = groups
    this.#factorOf = factorOf
  }

  setLearningRate(learningRate: number): void {
    for (const [factor, optimizer] of this.#groups) setLearningRate(optimizer, learningRate * factor)
  }

  applyGradients(gradients: Parameters<tf.Optimizer['applyGradients']>[0]): void {
    const all = Object.entries(gradients as tf.NamedTensorMap)
    for (const [factor, optimizer] of this.#groups) {
      const own = all.filter(([name]) => (this.#factorOf.get(name) ?? 1) === factor)
      if (own.length > 0) optimizer.applyGradients(Object.fromEntries(own))
    }
  }

  getConfig(): tf.serialization.ConfigDict {
    return {}
  }
}
