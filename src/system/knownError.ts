/**
 * A failure whose cause is known: wrong use, data, or an environment that does not allow what was asked for. It is printed as its
 * message and `help`, which says what to do next, and never as a stack trace. Any other error is a bug.
 */
export class KnownError extends Error {
  override readonly name: string = 'KnownError'
  /** The command line is bundled in several parts, each of which may have this class of its own. */
  readonly isKnownError = true
  readonly help: string
  /** Whether training had made its first step. */
  inTraining = false

  constructor(message: string, help: string, options?: ErrorOptions) {
    super(message, options)
    this.help = help
  }
}

/** Whether an error is one, of whichever bundle. */
export function isKnownError(error: unknown): error is KnownError {
  return error instanceof Error && 'isKnownError' in error && error.isKnownError === true
}

/** The exit code of a process that ends with an error: 2 before the first training step, 3 from it on. */
export function exitCodeOf(error: KnownError): 2 | 3 {
  return error.inTraining ? 3 : 2
}
