/** The error class for all failures with a known cause. */

/** The kind of a failure. A closed set, so callers can switch on it; `data/…` are also codes of diagnostics. */
export type ErrorCode =
  | 'usage' // a command has wrong arguments
  | 'data/unreadable'
  | 'data/not-finite'
  | 'data/index-out-of-range'
  | 'data/nearly-numeric'
  | 'data/nearly-unique'
  | 'data/dates'
  | 'data/too-many-categories'
  | 'data/similar-categories'
  | 'data/row-numbers'
  | 'data/bad-label'
  | 'download' // the downloaded part of the file is kept, and the next download resumes from it
  | 'engine' // an engine does not work on this machine
  | 'training' // training cannot start or continue
  | 'run' // a run folder cannot be created, read or resumed
  | 'export' // a network cannot be written in the requested form
  | 'import' // a file of another framework cannot be read
  | 'output' // files cannot be written to the requested place; nothing was changed
  | 'memory' // there is not enough memory
  | 'system' // the operating system or Node refused an operation on a file, a folder or a pipe
  | 'setup/bad-source' // --from names a source without libtensorflow
  | 'setup/build-failed' // the compiler or node-gyp failed
  | 'setup/damaged-wheel' // the hash, a checksum or the archive itself is wrong
  | 'setup/download-failed'
  | 'setup/file-system' // no permission, no space, or a disk error
  | 'setup/interrupted'
  | 'setup/load-failed' // built, but Node cannot load it
  | 'setup/missing-tools'
  | 'setup/no-disk-space'
  | 'setup/no-module' // @tensorflow/tfjs-node itself is not installed
  | 'setup/unsupported-platform'

/** The part of a code before the slash. */
export type ErrorKind = ErrorCode extends infer Code ? (Code extends `${infer Kind}/${string}` ? Kind : Code) : never

export type CodeOf<Kind extends string> = Extract<ErrorCode, Kind | `${Kind}/${string}`>

/**
 * A failure because of wrong usage, wrong data, or the environment. It is printed as its message and `help`, which describes
 * the fix, and never as a stack trace. Any other error is a bug.
 */
export class KnownError extends Error {
  override readonly name: string = 'KnownError'
  /** Marks the error for `isKnownError`: each bundle of the command line may have its own copy of this class. */
  readonly isKnownError = true
  readonly code: ErrorCode
  readonly help: string
  /** Whether the first training step had begun. */
  inTraining = false

  constructor(code: ErrorCode, message: string, help: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.help = help
  }
}

/** The error for data that are missing, damaged, or have an unexpected form. */
export function unreadableData(message: string, help: string): KnownError {
  return new KnownError('data/unreadable', message, help)
}

/** Whether an error is a KnownError of any bundle, and of the given kind if there is one. */
export function isKnownError<Kind extends ErrorKind = ErrorKind>(
  error: unknown,
  kind?: Kind,
): error is KnownError & { readonly code: CodeOf<Kind> } {
  if (!(error instanceof Error && 'isKnownError' in error && error.isKnownError === true)) return false
  return kind === undefined || (error as KnownError).code.split('/')[0] === kind
}
