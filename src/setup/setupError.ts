import { KnownError, isKnownError } from '../system/knownError.ts'
import { asKnownError } from '../system/systemError.ts'

/** Throws the `interrupted` error if the signal is aborted. Called between the steps. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interruptedError()
}

export function interruptedError(): KnownError {
  return new KnownError(
    'setup/interrupted',
    'Setup was interrupted; what worked before still works.',
    'Run `shapewright setup native` again: a finished download is kept.',
  )
}

/** Converts a known failure to an error of setup, with the path and the fix for errors of the file system. Rethrows a bug. */
export function asSetupError(error: unknown, signal: AbortSignal | undefined): KnownError {
  if (isKnownError(error, 'setup')) return error
  if (signal?.aborted) return interruptedError()
  const known = asKnownError(error)
  if (known === undefined) throw error
  return new KnownError(
    'setup/file-system',
    `Setup failed: ${known.message}`,
    `${known.help} SHAPEWRIGHT_CACHE=FOLDER sets another cache folder.`,
    { cause: error },
  )
}
