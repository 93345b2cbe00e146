/** The exit codes of the command line, and the error of a command that was called wrongly. */
import { KnownError } from '../system/knownError.ts'

/** What the exit code of the process means. */
export const exitCodes = {
  fine: 0,
  /** The specs have errors. */
  problems: 1,
  /** Wrong use, or an environment that does not allow what was asked for, before the first training step. */
  usage: 2,
  /** Training failed, from its first step on. */
  failed: 3,
  interrupted: 130,
} as const

/** A command was called wrongly. */
export class UsageError extends KnownError {
  constructor(message: string, help: string) {
    super('usage', message, help)
  }
}
