/** A script, or a file that belongs to it, as output that knows its own kind again. */
import { isOwnKernels, isOwnText } from '../../system/marks.ts'
import type { OutputFile } from '../../system/writeOutput.ts'

export function outputOfScript(path: string, content: Uint8Array | string): OutputFile {
  return { path, content: [content], isOurs: path.endsWith('.wasm') ? isOwnKernels : isOwnText }
}
