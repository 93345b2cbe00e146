import { KnownError } from '../system/knownError.ts'
import { asKnownError } from '../system/systemError.ts'

/** What can go wrong in `setup native`; a closed set, so that callers can choose by it. */
export type SetupErrorCode =
  | 'bad-source' // --from names something that holds no libtensorflow
  | 'build-failed' // the compiler or node-gyp said no
  | 'damaged-wheel' // the hash, a checksum or the archive itself is wrong
  | 'download-failed'
  | 'file-system' // no permission, no space after all, a disk error
  | 'interrupted'
  | 'load-failed' // built, but Node cannot load it
  | 'missing-tools'
  | 'no-disk-space'
  | 'no-module' // @tensorflow/tfjs-node itself is not installed
  | 'unsupported-platform'

/** A failure of the set-up: `message` says what is wrong, `help` the commands that put it right. */
export class SetupError extends KnownError {
  override readonly name = 'SetupError'
  readonly code: SetupErrorCode

  constructor(code: SetupErrorCode, message: string, help: string, cause?: unknown) {
    super(message, help, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Throws the `interrupted` error if the signal was raised. Called between the steps; nothing half-done is kept. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruptedError()
}

export function interruptedError(): SetupError {
  return new SetupError(
    'interrupted',
    'The set-up was interrupted; what worked before still works.',
    'Run `shapewright setup native` again: a finished download is kept.',
  )
}

/** A known failure as a SetupError: those of the file system get the path and what to do about it. A bug is thrown on. */
export function asSetupError(error: unknown, signal: AbortSignal | undefined): SetupError {
  if (error instanceof SetupError) return error
  if (signal?.aborted) return interruptedError()
  const known = asKnownError(error)
  if (known === undefined) throw error
  return new SetupError(
    'file-system',
    `The set-up failed: ${known.message}`,
    `${known.help} SHAPEWRIGHT_CACHE=FOLDER names another cache folder.`,
    error,
  )
}
