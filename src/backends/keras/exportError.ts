import { KnownError } from '../../system/knownError.ts'

/** A network cannot be written in the requested form. `help` says what can be done instead. */
export class ExportError extends KnownError {
  override readonly name = 'ExportError'
}
