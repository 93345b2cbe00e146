/** The one class of failures whose cause is known. */

/** What failed. A closed set, so that callers can choose by it; `data/…` are the codes of diagnostics that say the same. */
export type ErrorCode =
  | 'usage' // a command was called wrongly
  | 'data/unreadable'
  | 'data/not-finite'
  | 'data/nearly-numeric'
  | 'data/nearly-unique'
  | 'data/dates'
  | 'data/too-many-categories'
  | 'data/similar-categories'
  | 'data/row-numbers'
  | 'data/bad-label'
  | 'download' // what is there of the file is kept, and the next download resumes from it
  | 'engine' // an engine does not work on this machine
  | 'training' // training cannot start or continue
  | 'run' // the folder of a run cannot be created, read or resumed
  | 'export' // a network cannot be written in the requested form
  | 'output' // files cannot be written where they were asked for; nothing was changed
  | 'memory' // there is not enough memory for what was asked for
  | 'system' // the operating system or Node refused an operation on a file, a folder or a pipe
  | 'setup/bad-source' // --from names something that holds no libtensorflow
  | 'setup/build-failed' // the compiler or node-gyp said no
  | 'setup/damaged-wheel' // the hash, a checksum or the archive itself is wrong
  | 'setup/download-failed'
  | 'setup/file-system' // no permission, no space after all, a disk error
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
 * Wrong use, data, or an environment that does not allow what was asked for. It is printed as its message and `help`,
 * which says what to do next, and never as a stack trace. Any other error is a bug.
 */
export class KnownError extends Error {
  override readonly name: string = 'KnownError'
  /** The command line is bundled in several parts, each of which may have this class of its own. */
  readonly isKnownError = true
  readonly code: ErrorCode
  readonly help: string
  /** Whether training had made its first step. */
  inTraining = false

  constructor(code: ErrorCode, message: string, help: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.help = help
  }
}

/** The error of data that are missing, damaged, or of another form than they are read in. */
export function unreadableData(message: string, help: string): KnownError {
  return new KnownError('data/unreadable', message, help)
}

/** Whether an error is one, of whichever bundle; of this kind, where one is given. */
export function isKnownError<Kind extends ErrorKind = ErrorKind>(
  error: unknown,
  kind?: Kind,
): error is KnownError & { readonly code: CodeOf<Kind> } {
  if (!(error instanceof Error && 'isKnownError' in error && error.isKnownError === true)) return false
  return kind === undefined || (error as KnownError).code.split('/')[0] === kind
}
