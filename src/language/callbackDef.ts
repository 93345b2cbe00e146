/** The definition of a callback: its options, the check that they fit the run, and its lowering. */
import type { TObject } from 'typebox'
import type { Call } from './expression.ts'
import type { ScriptedCallback } from './scriptForms.ts'
import { erase, type PartDef, type Resolved } from './schema.ts'

/** A value in the logs, and whether lower or higher is better. */
export interface LogName {
  readonly name: string
  readonly mode: Mode
}

export type Mode = 'min' | 'max'

/** The facts of a run that are known before it starts. */
export interface PlannedRun {
  readonly epochs: number
  /** The values in the logs of each epoch. */
  readonly logs: readonly LogName[]
}

/** An option with which a callback never acts in the run. */
export interface Misfit {
  readonly option: string
  readonly message: string
  readonly help: string
}

export interface CallbackDef<S extends TObject = TObject> extends PartDef<S> {
  /** The name of the value in the logs that it monitors, if any. */
  monitored?(options: Resolved<S>): string | undefined
  misfits?(options: Resolved<S>, run: PlannedRun): readonly Misfit[]
  /** The call of its function in the runtime. */
  lower(options: Resolved<S>, run: PlannedRun): Call
  script?(options: Resolved<S>, run: PlannedRun): ScriptedCallback
  /** Whether scripts omit it, with a warning from `compile`. */
  readonly isLeftOut?: boolean
}

export function defineCallback<const S extends TObject>(definition: CallbackDef<S>): CallbackDef {
  return erase(definition)
}
