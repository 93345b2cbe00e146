/**
 * The definition of a loss. Its values are computed by the function of its name in the `X.run.ts` next to it; `train`
 * averages them, unless `src/runtime/training/losses.ts` has its own form of the loss.
 */
import type { TObject } from 'typebox'
import { callsTo } from './calls.ts'
import type { Call } from './expression.ts'
import type { Fit } from './fit.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import { fieldsOf, type PartDef, type Resolved } from './schema.ts'
import type { ScriptLoss } from './scriptForms.ts'

/** Builds calls of the losses of the runtime. */
export const lossCall = callsTo<typeof import('../backends/generated/losses.ts')>()

export interface LossDef<S extends TObject = TObject>
  extends PartDef<S>, Fit<Resolved<S>>, ScriptLoss<Resolved<S>, Given<S>> {
  /** Whether it compares values that may be negative. */
  readonly signed?: true
  /** The least label that it is defined for; undefined if any is. */
  readonly leastLabel?: number
  lower(options: Given<S>): Call
}

export function defineLoss<const S extends TObject>(definition: LossDef<S>): LossDef {
  return eraseGiven(definition)
}

/** The schema of a loss or a metric without options. */
export function withoutOptions(description: string) {
  return fieldsOf({}, description)
}
