/** What the page needs beyond the checker: where specs are, and what compiles and trains them. Optional parts are missing on the static page. */
import type { FileSource } from '../system/prepareHost.ts'
import type { ServerMessage, StudioCalls, TrainingQuestion } from './calls.ts'
import type { CompiledScript, CompileTarget, SpecEntry } from './protocol.ts'

export interface Backend {
  /** Reads the files that specs name. Paths are those of specs, or relative to the same folder. */
  readonly files: FileSource
  /** The targets of `compile`; empty if scripts cannot be compiled here. */
  readonly targets: readonly CompileTarget[]
  listSpecs(): Promise<readonly SpecEntry[]>
  readSpec(path: string): Promise<string>
  /** Saves a spec. Missing where nothing can be saved. */
  writeSpec?(path: string, text: string): Promise<void>
  /** @throws Error with a message for the user if the spec cannot be compiled. */
  compile?(path: string, text: string, target: string): Promise<CompiledScript>
  readonly training?: TrainingBackend
  /** Reads the dataset of a saved spec. */
  readonly viewData?: Answer<'data'>
  readonly runs?: RunsBackend
}

/** Answers a question as the server does. @throws Error with a message for the user. */
type Answer<Name extends keyof StudioCalls> = (
  question: StudioCalls[Name]['question'],
) => Promise<StudioCalls[Name]['reply']>

export interface TrainingBackend {
  /** Calls a function with the present state of the training, and then with each event. */
  watch(onMessage: (message: ServerMessage) => void): void
  /** @throws Error with a message for the user if a training is running. */
  start(question: TrainingQuestion): Promise<unknown>
  /** Holds training at the current step. */
  pause(): Promise<unknown>
  /** Continues a paused training. */
  proceed(): Promise<unknown>
  /** Stops training after the current step, and saves the run. */
  stop(): Promise<unknown>
}

export interface RunsBackend {
  readonly list: Answer<'runs'>
  readonly read: Answer<'run'>
  readonly diff: Answer<'diff'>
  readonly predict: Answer<'predict'>
}
