/** What a loss answers for. What it computes is the function of its name in `X.run.ts` beside it; `train` averages that, unless `src/runtime/training/losses.ts` has a form of its own. */
import type { TObject } from 'typebox'
import type { Call } from './expression.ts'
import { lowerFunction } from './lowerOptions.ts'
import { erase, fieldsOf, type PartDef, type Resolved } from './schema.ts'
import type { Fit } from './fit.ts'
import type { ScriptLoss } from './scriptForms.ts'

interface LossFacts {
  /** Whether it compares values of either sign. */
  readonly signed?: true
}

type Stated<S extends TObject> = PartDef<S> & Fit<Resolved<S>> & LossFacts & ScriptLoss<Resolved<S>>

export interface LossDef<S extends TObject = TObject>
  extends PartDef<S>, Fit<Resolved<S>>, LossFacts, ScriptLoss<Resolved<S>> {
  /** The call of its function of the runtime, with the options that are not the default. */
  lower(options: Resolved<S>): Call
}

export function defineLoss<const S extends TObject>(name: string, stated: Stated<S>): LossDef {
  return erase({
    ...stated,
    lower: (options: Resolved<S>) => lowerFunction(name, stated.schema, options),
  })
}

/** The schema of a loss or a metric without options. */
export function withoutOptions(description: string) {
  return fieldsOf({}, description)
}
