/** Compares the weights and slots of two runs. */
import type * as tf from '@tensorflow/tfjs'
import type { TracedState } from './traceTraining.ts'

export function haveSameBits(one: tf.TypedArray, other: tf.TypedArray): boolean {
  const bytesOf = (values: tf.TypedArray) => Buffer.from(Float32Array.from(values).buffer)
  return bytesOf(one).equals(bytesOf(other))
}

/** The accepted difference of a weight, a slot or a gradient, as a share of its norm. */
export const roundingLimit = 1e-5

export interface ComparedStates {
  /** The names of the weights, the trainable ones first. */
  readonly names: readonly string[]
  readonly slotsPerWeight: number
  /** The norms of the gradients of the trainable weights. Weights whose gradient is only rounding are not compared. */
  readonly norms: readonly number[]
  readonly want: TracedState
  readonly got: TracedState
  /** States after the same step with gradients or weights that differ by rounding. The states may differ by as much. */
  readonly rounded?: readonly TracedState[]
}

/**
 * Whether a gradient is more than rounding: above 1e-6, and above 1e-6 times the largest norm. The bias before a batch
 * normalization has a gradient of 0, and in ResNet-20 its rounding is 1.1e-6 where the largest norm is 6.8.
 */
export function hasGradient(norms: readonly number[], weight: number): boolean {
  return (norms[weight] ?? Infinity) > 1e-6 * Math.max(1, ...norms)
}

/** Returns the first weight or slot that differs after a step from equal states. */
export function stateDifference(states: ComparedStates): string | undefined {
  const { names, slotsPerWeight, norms, want, got, rounded = [] } = states
  const compare = (kind: keyof TracedState, index: number, name: string) => {
    const values = want[kind][index]!
    const others = rounded.map((state) => state[kind][index]!)
    const spread = normOf(Array.from(values, (value, place) => largestDistance(value, others, place)))
    return describeDifference(name, values, got[kind][index]!, (norm) => roundingLimit * norm + 1e-7 + spread)
  }
  const ofWeights = names.map((name, index) => {
    return hasGradient(norms, index) ? compare('weights', index, name) : undefined
  })
  const ofSlots = want.slots.map((_values, index) => {
    const weight = Math.floor(index / slotsPerWeight)
    const isShared = weight >= norms.length
    const name = isShared ? 'a number of the optimizer' : `slot ${index % slotsPerWeight} of ${names[weight]}`
    return isShared || hasGradient(norms, weight) ? compare('slots', index, name) : undefined
  })
  return [...ofWeights, ...ofSlots].find((found) => found !== undefined)
}

function largestDistance(value: number, others: readonly tf.TypedArray[], place: number): number {
  return Math.max(0, ...others.map((other) => Math.abs(other[place]! - value)))
}

/** @param limit Returns the largest accepted norm of the difference for the norm of the expected values. */
export function describeDifference(
  name: string,
  want: ArrayLike<number>,
  got: ArrayLike<number>,
  limit: (norm: number) => number,
): string | undefined {
  const difference = normOf(Array.from(want, (value, place) => value - got[place]!))
  const norm = normOf(want)
  // NaN is not a small difference.
  if (difference <= limit(norm)) return undefined
  return `${name} differs by ${difference.toExponential(1)} of ${norm.toExponential(1)}`
}

function normOf(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0))
}
