import { KnownError } from './knownError.ts'

/** Files cannot be written where they were asked for. Nothing was changed. */
export class OutputError extends KnownError {
  override readonly name = 'OutputError'
}
