import { KnownError } from '../knownError.ts'

/** A dataset is missing or damaged. The message names the file; `help` says how to get a good one. */
export class DataError extends KnownError {
  override readonly name = 'DataError'
}
