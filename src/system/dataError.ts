import { KnownError } from './knownError.ts'

/** A dataset is missing or damaged. The message names the file; `help` says how to get a good one. */
export class DataError extends KnownError {
  override readonly name = 'DataError'
  /** The code of the diagnostic that says the same; `data/unreadable` if it is left out. */
  readonly code: DataErrorCode | undefined

  constructor(message: string, help: string, code?: DataErrorCode) {
    super(message, help)
    this.code = code
  }
}

export type DataErrorCode =
  | 'data/unreadable'
  | 'data/not-finite'
  | 'data/nearly-numeric'
  | 'data/nearly-unique'
  | 'data/dates'
  | 'data/too-many-categories'
  | 'data/similar-categories'
  | 'data/row-numbers'
  | 'data/bad-label'
