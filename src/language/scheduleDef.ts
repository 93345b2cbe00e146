/** What a schedule of the learning rate answers for. What it computes is its function in `src/runtime/schedules`. */
import type { TObject } from 'typebox'
import type { Call } from './expression.ts'
import { lowerFunction } from './lowerOptions.ts'
import { erase, type PartDef, type Resolved } from './schema.ts'

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

interface Stated<S extends TObject> extends PartDef<S> {
  misfits?(options: Resolved<S>, run: ScheduledRun): readonly ScheduleMisfit[]
}

export interface ScheduleDef<S extends TObject = TObject> extends Stated<S> {
  /** The call of its function of the runtime, with the options that are not the default. */
  lower(options: Resolved<S>): Call
}

/** @param name Of its function of the runtime. */
export function defineSchedule<const S extends TObject>(name: string, stated: Stated<S>): ScheduleDef {
  const lower = (options: Resolved<S>): Call => lowerFunction(name, stated.schema, options)
  return erase({ ...stated, lower })
}
