/** The definition of a learning rate schedule. The rate is computed by its function in the `X.run.ts` next to it. */
import type { TObject } from 'typebox'
import type { Call } from './expression.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import type { PartDef, Resolved } from './schema.ts'

/** An option that does not fit the run. */
export interface ScheduleMisfit {
  /** The name of the option; empty for the schedule itself. */
  readonly option: string
  readonly kind: 'ends-early' | 'never-ends-warmup' | 'changes-nothing' | 'rises'
  readonly message: string
  readonly help: string
}

/** The facts of a run that are known before it starts. */
export interface ScheduledRun {
  readonly epochs: number
  /** The learning rate of the optimizer, if the spec states one. */
  readonly learningRate?: number
}

export interface ScheduleDef<S extends TObject = TObject> extends PartDef<S> {
  misfits?(options: Resolved<S>, run: ScheduledRun): readonly ScheduleMisfit[]
  lower(options: Given<S>): Call
}

export function defineSchedule<const S extends TObject>(definition: ScheduleDef<S>): ScheduleDef {
  return eraseGiven(definition)
}
