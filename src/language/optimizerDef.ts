/** What an optimizer answers for. */
import type { TObject } from 'typebox'
import type { Call, Reference } from './expression.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import { type PartDef, type Resolved } from './schema.ts'

/** Learning rates, as far as they can be judged without the network. */
export interface LearningRates {
  /** Below it, no number of steps that anybody waits for changes a weight by much; `check` warns. */
  readonly smallest: number
  readonly usual: readonly [from: number, to: number]
  /** Above it, any network worth training diverges; `check` warns. */
  readonly largest: number
}

export interface OptimizerDef<S extends TObject = TObject> extends PartDef<S> {
  readonly rates: LearningRates
  /** How many tensors of the size of each weight it keeps between steps. */
  slots(options: Resolved<S>): number
  lower(options: Omit<Given<S>, 'learningRate'> & { readonly learningRate: Reference }): Call
  /** The same of `tf.train`, for compiled scripts. */
  script?(options: Resolved<S>): Call
}

export function defineOptimizer<const S extends TObject>(definition: OptimizerDef<S>): OptimizerDef {
  return eraseGiven(definition)
}
