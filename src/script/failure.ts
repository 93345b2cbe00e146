/** Errors, as the person who started a script sees them. */

/** Prints an error in one line; what its message does not explain is a bug, and is thrown. */
export function reportFailure(error: unknown): void {
  if (!(error instanceof Error) || (error.constructor !== Error && !('code' in error))) throw error
  process.stderr.write(`error: ${error.message}\n`)
  process.exitCode ??= 2
}
