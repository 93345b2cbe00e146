/** What a schedule of the learning rate answers for. What it computes is its function in `X.run.ts` beside it. */
import type { TObject } from 'typebox'
import type { Call } from './expression.ts'
import { eraseGiven, type Given } from './lowerOptions.ts'
import type { PartDef, Resolved } from './schema.ts'

/** An option that does not fit the run. */
export interface ScheduleMisfit {
  /** Which it is; empty where it is the schedule itself. */
  readonly option: string
  readonly kind: 'ends-early' | 'never-ends-warmup' | 'changes-nothing' | 'rises'
  readonly message: string
  readonly help: string
}

/** What is known of a run before it begins. */
export interface ScheduledRun {
  readonly epochs: number
  /** The optimizer's, where the spec has one. */
  readonly learningRate?: number
}

export interface ScheduleDef<S extends TObject = TObject> extends PartDef<S> {
  misfits?(options: Resolved<S>, run: ScheduledRun): readonly ScheduleMisfit[]
  lower(options: Given<S>): Call
}

export function defineSchedule<const S extends TObject>(definition: ScheduleDef<S>): ScheduleDef {
  return eraseGiven(definition)
}
