/** What a loss answers for. What it computes is the function of its name in `X.run.ts` beside it; `train` averages that, unless `src/runtime/training/losses.ts` has a form of its own. */
import type { TObject } from 'typebox'
import { callsTo } from './calls.ts'
import type { Call } from './expression.ts'
import type { Fit } from './fit.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import { fieldsOf, type PartDef, type Resolved } from './schema.ts'
import type { ScriptLoss } from './scriptForms.ts'

/** The calls of losses as training takes them. */
export const lossCall = callsTo<typeof import('../backends/generated/losses.ts')>()

export interface LossDef<S extends TObject = TObject>
  extends PartDef<S>, Fit<Resolved<S>>, ScriptLoss<Resolved<S>, Given<S>> {
  /** Whether it compares values of either sign. */
  readonly signed?: true
  lower(options: Given<S>): Call
}

export function defineLoss<const S extends TObject>(definition: LossDef<S>): LossDef {
  return eraseGiven(definition)
}

/** The schema of a loss or a metric without options. */
export function withoutOptions(description: string) {
  return fieldsOf({}, description)
}
