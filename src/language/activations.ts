/** The activation functions, with what rules ask of them. */
import type { Aliases } from './schema.ts'

interface ActivationFacts {
  /** The value for x, as the reference prints it. */
  readonly formula: string
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
  elu: { formula: 'x if x > 0, else eˣ - 1' },
  hardSigmoid: { formula: '0.2x + 0.5, kept between 0 and 1', squashes: true },
  linear: { formula: 'x', centred: true, aliases: { same: ['none', 'identity'] } },
  relu: { formula: 'max(x, 0)', rectifies: true },
  relu6: { formula: 'min(max(x, 0), 6)', rectifies: true },
  selu: { formula: '1.0507 · x if x > 0, else 1.7581 · (eˣ - 1)' },
  sigmoid: { formula: '1 / (1 + e⁻ˣ)', squashes: true },
  softmax: { formula: 'eˣ / Σeˣ over the last axis', squashes: true, competes: true },
  softplus: { formula: 'ln(1 + eˣ)' },
  softsign: { formula: 'x / (1 + |x|)', centred: true },
  tanh: { formula: 'tanh x', centred: true, aliases: { near: ['hardtanh'] } },
  swish: { formula: 'x · sigmoid(x)' },
  mish: { formula: 'x · tanh(softplus(x))' },
  gelu: { formula: 'x · Φ(x), where Φ is the normal distribution function' },
  gelu_new: { formula: '0.5x · (1 + tanh(√(2/π) · (x + 0.044715x³)))' },
} satisfies Record<string, ActivationFacts>

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as readonly ActivationName[]

export const activationTable: Readonly<Record<string, ActivationFacts>> = activations

/** Nothing is known of functions that only layers of their own have. */
export function activationFacts(name: string): Partial<ActivationFacts> {
  return activationTable[name] ?? {}
}
