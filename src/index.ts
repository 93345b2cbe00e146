/** `shapewright`: checks specs, compiles them and renders diagnostics, in Node.js. It does not load TensorFlow.js. */
import type { CheckResult } from './check.ts'
import { compileAnalysis } from './compile.ts'
import { analysisOf } from './report/keptAnalysis.ts'
import { renderAnalysis } from './report/render.ts'

export * from './check.ts'
export { KnownError, type ErrorCode } from './system/knownError.ts'
export { nodeHost } from './system/nodeHost.ts'
export { version } from './system/version.ts'

/** `pretty`, `json` and `github` render the diagnostics; `table`, `mermaid` and `dot` render the network. */
export type RenderFormat = 'pretty' | 'json' | 'github' | 'table' | 'mermaid' | 'dot'

/** A script, or a file that it needs beside it. */
export interface CompiledFile {
  readonly fileName: string
  readonly content: Uint8Array
}

export interface CompileOptions {
  /** The engine of the script; `auto` by default. */
  readonly backend?: 'auto' | 'node' | 'wasm'
  /** `ts` by default. */
  readonly language?: 'ts' | 'js'
  /** Whether the script is self-contained or imports `shapewright/train`; `standalone` by default. */
  readonly runtime?: 'standalone' | 'package'
  /** Embeds the WebAssembly kernels in the script. */
  readonly singleFile?: boolean
}

/**
 * Compiles a checked spec to its training script, followed by the files that the script needs beside it.
 *
 * @throws KnownError If the spec has errors, or a shape is unknown.
 */
export async function compile(
  result: CheckResult,
  { backend = 'auto', language = 'ts', runtime = 'standalone', singleFile = false }: CompileOptions = {},
): Promise<readonly CompiledFile[]> {
  return await compileAnalysis(analysisOf(result), { backend, language, runtime, singleFile })
}

/** Renders a spec as `shapewright check` and `shapewright summary` print it, without colours. */
export function render(result: CheckResult, format: RenderFormat): string {
  return renderAnalysis(analysisOf(result), format)
}
