/** The options of emitting a script. */
import type { StructureList } from '../../compose/structure.ts'

/** The engine that a script starts; `auto` is the fastest that is installed. */
export type ScriptBackend = 'auto' | 'node' | 'wasm'

/** What a script is compiled from. */
export interface ScriptOrigin {
  /** How the layers were written: calls of blocks become functions, and repeats loops. */
  readonly structure?: StructureList | undefined
  /** The spec's path as the script's header shows it. */
  readonly specFile: string
  /** The text of the spec, whose SHA-256 the header shows. */
  readonly specText: string
  /** The values of `--set`, which the script was compiled with. */
  readonly settings?: readonly string[]
  /** The trial of the spec's sweep that the script was compiled from. */
  readonly trial?: number | undefined
  /** The version of Shapewright. */
  readonly version: string
}

export interface EmitOptions extends ScriptOrigin {
  readonly backend: ScriptBackend
  /** TypeScript by default. */
  readonly language?: ScriptLanguage
  /** Whether the training kernels are part of the script instead of files beside it. */
  readonly singleFile?: boolean
  /** Standalone by default. */
  readonly runtime?: ScriptRuntime
}

/** Whether a script contains all the code it needs, or imports `shapewright/train`. */
export type ScriptRuntime = 'standalone' | 'package'

/** TypeScript, or JavaScript, which Node runs without a tool. */
export type ScriptLanguage = 'ts' | 'js'
