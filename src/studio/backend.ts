/** What the page needs beyond the checker: where specs are, and what compiles and trains them. Optional parts are missing on the static page. */
import type { FileSource } from '../system/prepareHost.ts'
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
}
