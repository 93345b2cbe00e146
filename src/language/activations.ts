/** The activation functions, with what rules ask of them. */
import type { Aliases } from './schema.ts'

interface ActivationFacts {
  readonly aliases?: Aliases
  /** Takes sums of any sign and size to values between 0 and 1. */
  readonly squashes?: true
  /** The values of a vector sum to 1: one grows at the cost of the others. */
  readonly competes?: true
  /** Gives 0, without a gradient, for all negative sums. */
  readonly rectifies?: true
  /** 0 is the middle of its values: in a network that answers yes or no, neither of them. */
  readonly centred?: true
}

const activations = {
  elu: {},
  hardSigmoid: { squashes: true },
  linear: { centred: true, aliases: { same: ['none', 'identity'] } },
  relu: { rectifies: true },
  relu6: { rectifies: true },
  selu: {},
  sigmoid: { squashes: true },
  softmax: { squashes: true, competes: true },
  softplus: {},
  softsign: { centred: true },
  tanh: { centred: true, aliases: { near: ['hardtanh'] } },
  swish: {},
  mish: {},
  gelu: {},
  gelu_new: {},
} satisfies Record<string, ActivationFacts>

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as readonly ActivationName[]

export const activationTable: Readonly<Record<string, ActivationFacts>> = activations

/** Nothing is known of functions that only layers of their own have. */
export function activationFacts(name: string): ActivationFacts {
  return activationTable[name] ?? {}
}
