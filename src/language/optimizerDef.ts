/** The definition of an optimizer. */
import type { TObject } from 'typebox'
import type { Call, Reference } from './expression.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import { type PartDef, type Resolved } from './schema.ts'

/** The range of plausible learning rates of an optimizer, for any network. */
export interface LearningRates {
  /** `check` warns below it: weights hardly change in any realistic number of steps. */
  readonly smallest: number
  readonly usual: readonly [from: number, to: number]
  /** `check` warns above it: practically every network diverges. */
  readonly largest: number
}

export interface OptimizerDef<S extends TObject = TObject> extends PartDef<S> {
  readonly rates: LearningRates
  /** The number of slots per weight: tensors of its size that are kept between steps. */
  slots(options: Resolved<S>): number
  lower(options: Omit<Given<S>, 'learningRate'> & { readonly learningRate: Reference }): Call
  /** The call of the optimizer in compiled scripts, from `tf.train` or the script itself. */
  script?(options: Resolved<S>): Call
}

export function defineOptimizer<const S extends TObject>(definition: OptimizerDef<S>): OptimizerDef {
  return eraseGiven(definition)
}
