/** What the page needs beyond the checker: where specs are, and what compiles and trains them. The server and the static page differ in the optional parts. */
import type { FileSource } from '../system/prepareHost.ts'
import type { DataQuestion, DataView, ServerMessage, StudioCalls, TrainingQuestion } from './calls.ts'
import type { CompiledScript, CompileTarget, SpecEntry } from './protocol.ts'

export interface Backend {
  /** Reads the files that specs name. Paths are those of specs, or relative to the same folder. */
  readonly files: FileSource
  /** The targets of `compile`. */
  readonly targets: readonly CompileTarget[]
  listSpecs(): Promise<readonly SpecEntry[]>
  readSpec(path: string): Promise<string>
  /** Saves a spec. Missing where nothing can be saved. */
  writeSpec?(path: string, text: string): Promise<void>
  /** @throws Error with a message for the user if the spec cannot be compiled. */
  compile(path: string, text: string, target: string): Promise<CompiledScript>
  readonly training: TrainingBackend
  /** Reads the dataset of a spec. Where specs are saved, that of the saved spec, otherwise that of `text`. */
  viewData(question: DataQuestion, text: string): Promise<DataView>
  /** Keeps files for the specs of a page without a folder. Returns their paths. */
  addData?(files: readonly File[]): Promise<readonly string[]>
  readonly runs: RunsBackend
  /** The address of the report in a folder. Missing where there is no folder with reports. */
  reportAddress?(folder: string): string
}

/** Answers a question as the server does. @throws Error with a message for the user. */
type Answer<Name extends keyof StudioCalls> = (
  question: StudioCalls[Name]['question'],
) => Promise<StudioCalls[Name]['reply']>

export interface TrainingBackend {
  /** The engines to choose from. */
  readonly engines: readonly string[]
  /** Why an engine cannot be used here, as a sentence; undefined if it can. */
  findObstacle?(engine: string): Promise<string | undefined>
  /** Calls a function with the present state of the training, and then with each event. */
  watch(onMessage: (message: ServerMessage) => void): void
  /**
   * Trains a saved spec, or where specs are not saved, `text`.
   *
   * @throws Error with a message for the user if a training is running.
   */
  start(question: TrainingQuestion, text: string): Promise<unknown>
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
  readonly sweep: Answer<'sweep'>
  readonly diff: Answer<'diff'>
  readonly predict: Answer<'predict'>
  /** Packs a run that is kept in the browser. */
  download?(folder: string): Promise<Blob>
}
