/** How a script is emitted. */

/** The engine that a script starts: by default the fastest that is installed. */
export type ScriptBackend = 'auto' | 'node' | 'wasm'

export interface EmitOptions {
  readonly backend: ScriptBackend
  /** TypeScript by default. */
  readonly language?: ScriptLanguage
  /** The spec's path as the script's header shows it. */
  readonly specFile: string
  /** The spec itself, of which the header shows the SHA-256. */
  readonly specText: string
  /** Of Shapewright. */
  readonly version: string
  /** Whether the training kernels go into the script, and not beside it. */
  readonly singleFile?: boolean
  /** Standalone by default. */
  readonly runtime?: ScriptRuntime
}

/** Scripts hold all that they need, or import `shapewright/train`. */
export type ScriptRuntime = 'standalone' | 'package'

/** TypeScript; or JavaScript, which any Node runs as it is. */
export type ScriptLanguage = 'ts' | 'js'
