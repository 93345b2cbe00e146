/** Returns a script, or a file that belongs to it, as an output that may replace only files of the same kind. */
import { isEditedText, isOwnKernels, isOwnText } from '../../system/marks.ts'
import type { OutputFile } from '../../system/writeOutput.ts'

export function outputOfScript(path: string, content: Uint8Array | string): OutputFile {
  if (path.endsWith('.wasm')) return { path, content: [content], isOurs: isOwnKernels }
  return { path, content: [content], isOurs: isOwnText, wasEdited: isEditedText }
}
