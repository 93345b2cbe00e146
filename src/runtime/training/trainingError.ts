import { KnownError } from '../../system/knownError.ts'

/** Training cannot start or continue. `help` says what to try. */
export class TrainingError extends KnownError {
  override readonly name = 'TrainingError'
}
