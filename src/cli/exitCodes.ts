/** What the process's exit code says. */
export const exitCodes = {
  fine: 0,
  /** The specs have errors. */
  problems: 1,
  /** Wrong use, or a file that cannot be read or written. */
  usage: 2,
  /** Training or its engine failed. */
  failed: 3,
  interrupted: 130,
} as const

/** Something is wrong with how a command was called: printed without a stack trace, with exit code 2. */
export class UsageError extends Error {
  readonly help: string | undefined

  constructor(message: string, help?: string) {
    super(message)
    this.name = 'UsageError'
    this.help = help
  }
}

/** By name, for each bundle has this class of its own. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError'
}
