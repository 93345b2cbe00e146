/** What a sweep expands to: its trials with their facts and states, the objective that compares them, and when poor trials stop. */
import type { Origin } from '../compose/origins.ts'

/** The value that a trial gives to one parameter of the sweep. */
export interface TrialValue {
  /** As it is written in the sweep: `vars.width`, `layers.head.units`, `optimizer`. */
  readonly path: string
  /** The keys that lead to the value. */
  readonly keys: readonly string[]
  readonly value: unknown
  /** Where the value is written. A drawn value has the origin of its space. */
  readonly origin: Origin
}

/** What is known about the network of a trial before it is trained; null if it depends on sizes known only at run time. */
export interface TrialFacts {
  readonly params: number | null
  readonly trainableParams: number | null
  /** Operations of the forward pass for one sample; a multiply-add counts as two. */
  readonly flops: number | null
  /** The memory of a training step in bytes. */
  readonly memory: number | null
  /** The number of layers, without the input that a dataset implies. */
  readonly layers: number | null
  /** The number of values of all outputs for one sample. */
  readonly outputSize: number | null
}

/** The names of the facts that `where` can use. */
export type FactName = keyof TrialFacts

/**
 * `ready` can be trained. `excluded` does not fit the condition `where` of the sweep. `infeasible` has mistakes, such as a
 * kernel that exceeds its input.
 */
export type TrialState = 'ready' | 'excluded' | 'infeasible'

/**
 * The state of a trial once its sweep has begun. `stopped` trials were not promoted to the next rung; `interrupted` ones have
 * begun and are not trained at the moment; `pending` ones have not begun, or wait for a decision.
 */
export type TrialStatus =
  'excluded' | 'infeasible' | 'pending' | 'running' | 'stopped' | 'failed' | 'interrupted' | 'done'

/** One combination of values, in the order of the sweep: cases, then zip, then grid, then samples, the last key fastest. */
export interface Trial {
  /** Counted from 1, before trials are excluded. */
  readonly number: number
  readonly values: readonly TrialValue[]
  /** The values that vary, by the shortest ends of their paths that are unique: `width=16 learningRate=0.1`. */
  readonly label: string
  readonly state: TrialState
  /** For an excluded trial, the condition with its numbers; for an infeasible one, the first mistake with its code and line. */
  readonly reason?: string
  readonly facts: TrialFacts
  readonly epochs: number
  /** The text of the frozen plain spec, which is made each time it is read. Only a trial that is `ready` has one. */
  readonly spec?: string | undefined
}

export type Direction = 'maximize' | 'minimize'

/** What trials are compared by: the best epoch counts. */
export interface Objective {
  /** Its name in the logs: `val_accuracy`. */
  readonly metric: string
  readonly direction: Direction
}

/** When poor trials stop: rung `r` trains to `minEpochs * reduction ** r` epochs, and 1 of `reduction` trials is promoted. */
export interface Stopping {
  /** Synchronous and reproducible, or with promotions that depend on the order in which trials arrive. */
  readonly kind: 'successiveHalving' | 'asha'
  readonly minEpochs: number
  readonly reduction: number
}

export interface Sweep {
  /** The name of the base spec, which all trials have. */
  readonly name: string
  /** The paths whose values differ between trials. */
  readonly parameters: readonly string[]
  readonly objective: Objective
  readonly stopping?: Stopping
  readonly trials: readonly Trial[]
}
