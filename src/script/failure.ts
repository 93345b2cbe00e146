/** How a script reports errors. */

/** Prints an expected error in one line; rethrows anything else as a bug. */
export function reportFailure(error: unknown): void {
  if (!(error instanceof Error) || (error.constructor !== Error && !('code' in error))) throw error
  process.stderr.write(`error: ${error.message.replaceAll('\n', ' ')}\n`)
  process.exitCode ??= 2
}
