import { KnownError } from '../../system/knownError.ts'

/** The folder of a run cannot be created or resumed. */
export class RunFolderError extends KnownError {
  override readonly name = 'RunFolderError'
}
