/** Applies an update rule to the trained weights, and holds its slots. */
import * as tf from '@tensorflow/tfjs'
import { type UpdateRule } from '../../script/updateRule.ts'

/** The trained weights of a network, with the slots that the rule keeps for each. */
export class WeightUpdater {
  readonly #rule: UpdateRule
  readonly #weights: readonly UpdatedVariable[]
  readonly #shared: readonly tf.Variable[]

  /** @param factors The factors of the learning rate of some weights; 1 for the others. */
  constructor(
    rule: UpdateRule,
    weights: readonly TrainedWeight[],
    factors: ReadonlyMap<TrainedWeight, number> = new Map(),
  ) {
    this.#rule = rule
    this.#weights = weights.map((weight) => ({
      weight,
      factor: factors.get(weight) ?? 1,
      slots: rule.slots.map((value) => keepVariable(() => tf.fill(weight.shape as number[], value))),
    }))
    this.#shared = rule.shared.map((value) => keepVariable(() => tf.scalar(value)))
  }

  /** The number of batches per step. */
  get batches(): number {
    return this.#rule.batches ?? 1
  }

  /** The variables besides the weights that later steps depend on, in a fixed order. */
  get state(): readonly tf.Variable[] {
    return [...this.#weights.flatMap(({ slots }) => slots), ...this.#shared]
  }

  /**
   * Updates the weights.
   *
   * @param gradients In the order of the weights; undefined for weights that do not affect the loss.
   */
  apply(gradients: readonly (tf.Tensor | undefined)[], rate: tf.Scalar): void {
    tf.tidy(() => {
      const shared = this.#shared as readonly tf.Variable[] as readonly tf.Scalar[]
      const numbersOf = numbersByFactor(this.#rule, rate, shared)
      const treated = this.#rule.treatGradients?.(gradients) ?? gradients
      for (const [index, { weight, factor, slots }] of this.#weights.entries()) {
        const gradient = treated[index]
        if (gradient === undefined) continue
        const before = { name: weight.originalName, value: weight.read(), gradient, slots }
        const [value, ...kept] = this.#rule.update(before, numbersOf(factor))
        for (const [place, slot] of slots.entries()) slot.assign(kept[place]!)
        // Also applies the layer's constraint on the weight.
        weight.write(value!)
      }
      const after = this.#rule.advance?.(shared) ?? []
      for (const [place, value] of after.entries()) this.#shared[place]!.assign(value)
    })
  }

  dispose(): void {
    tf.dispose([...this.state])
  }
}

/** A trained weight with the factor of its learning rate, and its slots. */
interface UpdatedVariable {
  readonly weight: TrainedWeight
  readonly factor: number
  readonly slots: readonly tf.Variable<tf.Rank>[]
}

/** Returns the numbers of a step for a factor of the learning rate. They are computed once for all weights with this factor. */
function numbersByFactor(rule: UpdateRule, rate: tf.Scalar, shared: readonly tf.Scalar[]) {
  const known = new Map<number, readonly tf.Scalar[]>()
  return (factor: number): readonly tf.Scalar[] => {
    const numbers = known.get(factor) ?? rule.numbersOf(factor === 1 ? rate : tf.mul<tf.Scalar>(rate, factor), shared)
    known.set(factor, numbers)
    return numbers
  }
}

/** A weight as tf.layers holds it: `write` applies the layer's constraint. */
export type TrainedWeight = Pick<
  tf.LayersModel['trainableWeights'][number],
  'originalName' | 'shape' | 'read' | 'write'
>

function keepVariable(make: () => tf.Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(make(), false))
}
