/** `shapewright`: checks specs, compiles them and prints what was found, in Node.js. It does not load TensorFlow.js. */
import type { CheckResult } from './check.ts'
import { compileAnalysis } from './compile.ts'
import { analysisOf } from './report/keptAnalysis.ts'
import { renderAnalysis } from './report/render.ts'

export * from './check.ts'
export { KnownError, type ErrorCode } from './system/knownError.ts'
export { nodeHost } from './system/nodeHost.ts'
export { version } from './system/version.ts'

/** `pretty`, `json` and `github`: the diagnostics. `table`, `mermaid` and `dot`: the network. */
export type RenderFormat = 'pretty' | 'json' | 'github' | 'table' | 'mermaid' | 'dot'

/** A script, or a file that belongs beside it. */
export interface CompiledFile {
  readonly fileName: string
  readonly content: Uint8Array
}

export interface CompileOptions {
  /** What the script computes with; `auto` by default. */
  readonly backend?: 'auto' | 'node' | 'wasm'
  /** `ts` by default. */
  readonly language?: 'ts' | 'js'
  /** A script that stands alone, or one that imports `shapewright/train`. `standalone` by default. */
  readonly runtime?: 'standalone' | 'package'
  /** Puts the WebAssembly kernels into the script. */
  readonly singleFile?: boolean
}

/**
 * The training script of a checked spec, and then the files that belong beside it.
 *
 * @throws KnownError where the spec has errors, or not every shape is known.
 */
export async function compile(
  result: CheckResult,
  { backend = 'auto', language = 'ts', runtime = 'standalone', singleFile = false }: CompileOptions = {},
): Promise<readonly CompiledFile[]> {
  return await compileAnalysis(analysisOf(result), { backend, language, runtime, singleFile })
}

/** What `shapewright check` and `shapewright summary` print of a spec, without colours. */
export function render(result: CheckResult, format: RenderFormat): string {
  return renderAnalysis(analysisOf(result), format)
}
