/** What an optimizer answers for. */
import type { TObject } from 'typebox'
import type { Call } from '../layers/expression.ts'
import type { PartDef, Resolved } from '../layers/schema.ts'

export interface OptimizerDef<S extends TObject = TObject> extends PartDef<S> {
  /** A learning rate above this diverges on any network worth training; `check` warns. */
  readonly largestRate: number
  /** How many tensors of the size of each weight it keeps between steps. */
  readonly slots: number
  lower(options: Resolved<S>): Call
}

export function defineOptimizer<const S extends TObject>(definition: OptimizerDef<S>): OptimizerDef {
  return definition as unknown as OptimizerDef
}
