/** The errors of files that cannot be imported, and the list of what the language cannot express. */
import { KnownError } from '../../system/knownError.ts'
import type { ImportProblem } from './importedNetwork.ts'

/** The error for a file that is damaged, hostile, or not a network. */
export function unreadableModel(message: string, help: string, cause?: unknown): KnownError {
  return new KnownError('import', message, help, cause === undefined ? undefined : { cause })
}

/** The error for a pickle of Python, or an archive with one. */
export function pickled(file: string): KnownError {
  return unreadableModel(
    `${file} is a pickle of Python, which can run any code when it is read.`,
    'Save a model of PyTorch by `torch.onnx.export`, and one of Keras by `model.save("model.keras")`.',
  )
}

const mostProblems = 1000

/** Collects what the language cannot express, so that one run of the command lists all of it. */
export class ImportProblems {
  readonly list: ImportProblem[] = []

  add(place: string, message: string, help?: string): void {
    if (this.list.length < mostProblems) this.list.push({ place, message, ...(help !== undefined && { help }) })
  }
}
