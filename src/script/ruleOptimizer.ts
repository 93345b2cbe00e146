/** Optimizers by update rules, for which tf.train has no class or a different formula. */
import * as tf from '@tensorflow/tfjs'
import type { UpdateRule } from './updateRule.ts'

/** Creates an optimizer that updates weights by a rule. */
export function followRule(rule: UpdateRule): tf.Optimizer {
  return new RuleOptimizer(rule)
}

class RuleOptimizer extends tf.Optimizer {
  learningRate: number
  readonly #rule: UpdateRule
  readonly #slots = new Map<string, tf.Variable[]>()
  readonly #shared: readonly tf.Variable<tf.Rank.R0>[]

  constructor(rule: UpdateRule) {
    super()
    this.#rule = rule
    this.learningRate = rule.learningRate
    this.#shared = rule.shared.map((value) => tf.variable(tf.scalar(value), false))
  }

  applyGradients(gradients: Parameters<tf.Optimizer['applyGradients']>[0]): void {
    tf.tidy(() => {
      const numbers = this.#rule.numbersOf(tf.scalar(this.learningRate), this.#shared)
      for (const [name, gradient] of Object.entries(gradients as tf.NamedTensorMap)) {
        const value = tf.engine().registeredVariables[name]!
        const slots = this.#slotsOf(value)
        const [next, ...kept] = this.#rule.update({ name, value, gradient, slots }, numbers)
        value.assign(next!)
        for (const [place, slot] of slots.entries()) slot.assign(kept[place]!)
      }
      const after = this.#rule.advance?.(this.#shared) ?? []
      for (const [place, number] of after.entries()) this.#shared[place]!.assign(number)
    })
  }

  getConfig(): tf.serialization.ConfigDict {
    return { learningRate: this.learningRate }
  }

  #slotsOf({ name, shape }: tf.Variable): tf.Variable[] {
    const slots = this.#slots.get(name) ?? this.#rule.slots.map((value) => tf.variable(tf.fill(shape, value), false))
    this.#slots.set(name, slots)
    return slots
  }
}
