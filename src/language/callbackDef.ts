/** What a callback answers for: its options, whether they fit the run, and the call that makes it. */
import type { TObject } from 'typebox'
import type { Call } from './expression.ts'
import type { ScriptedCallback } from './scriptForms.ts'
import { erase, type PartDef, type Resolved } from './schema.ts'

/** A value of the logs, and in which direction it is better. */
export interface LogName {
  readonly name: string
  readonly mode: Mode
}

export type Mode = 'min' | 'max'

/** What is known of a run before it begins. */
export interface PlannedRun {
  readonly epochs: number
  /** What each epoch's logs hold. */
  readonly logs: readonly LogName[]
}

/** An option by which a callback never acts in the run. */
export interface Misfit {
  readonly option: string
  readonly message: string
  readonly help: string
}

export interface CallbackDef<S extends TObject = TObject> extends PartDef<S> {
  /** The name in the logs that it watches, if it watches one. */
  monitored?(options: Resolved<S>): string | undefined
  misfits?(options: Resolved<S>, run: PlannedRun): readonly Misfit[]
  /** The call of its function of the runtime. */
  lower(options: Resolved<S>, run: PlannedRun): Call
  script?(options: Resolved<S>, run: PlannedRun): ScriptedCallback
  /** Whether scripts do without it, of which `compile` warns. */
  readonly isLeftOut?: boolean
}

export function defineCallback<const S extends TObject>(definition: CallbackDef<S>): CallbackDef {
  return erase(definition)
}
