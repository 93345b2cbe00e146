/** The activation functions, with the properties that rules check. */
import type { Aliases } from './schema.ts'

interface ActivationFacts {
  /** The value for x, as printed in the reference. */
  readonly formula: string
  readonly aliases?: Aliases
  /** Maps all numbers to values between 0 and 1. */
  readonly mapsToUnitInterval?: true
  /** The values of a vector sum to 1, so that one can only grow if others shrink. */
  readonly sumsToOne?: true
  /** Returns 0, with a gradient of 0, for all negative numbers. */
  readonly rectifies?: true
  /** Its values are centered at 0, so that 0 is undecided when it predicts yes or no. */
  readonly isCenteredAtZero?: true
}

const activations = {
  elu: { formula: 'x if x > 0, else eˣ - 1' },
  hardSigmoid: { formula: '0.2x + 0.5, kept between 0 and 1', mapsToUnitInterval: true },
  linear: { formula: 'x', isCenteredAtZero: true, aliases: { same: ['none', 'identity'] } },
  relu: { formula: 'max(x, 0)', rectifies: true },
  relu6: { formula: 'min(max(x, 0), 6)', rectifies: true },
  selu: { formula: '1.0507 · x if x > 0, else 1.7581 · (eˣ - 1)' },
  sigmoid: { formula: '1 / (1 + e⁻ˣ)', mapsToUnitInterval: true },
  softmax: { formula: 'eˣ / Σeˣ over the last axis', mapsToUnitInterval: true, sumsToOne: true },
  softplus: { formula: 'ln(1 + eˣ)' },
  softsign: { formula: 'x / (1 + |x|)', isCenteredAtZero: true },
  tanh: { formula: 'tanh x', isCenteredAtZero: true, aliases: { near: ['hardtanh'] } },
  swish: { formula: 'x · sigmoid(x)', aliases: { same: ['silu'] } },
  mish: { formula: 'x · tanh(softplus(x))' },
  gelu: { formula: 'x · Φ(x), where Φ is the normal distribution function' },
  gelu_new: { formula: '0.5x · (1 + tanh(√(2/π) · (x + 0.044715x³)))' },
} satisfies Record<string, ActivationFacts>

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as readonly ActivationName[]

export const activationTable: Readonly<Record<string, ActivationFacts>> = activations

/** The properties of an activation; empty for functions that exist only as layers. */
export function activationFacts(name: string): Partial<ActivationFacts> {
  return activationTable[name] ?? {}
}
