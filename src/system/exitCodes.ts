/** The exit codes of the process, and the exit code of each failure. */
import type { ErrorCode, KnownError } from './knownError.ts'

export const exitCodes = {
  fine: 0,
  /** The specs have errors. */
  problems: 1,
  /** Wrong usage or a problem of the environment, before the first training step. */
  usage: 2,
  /** Training failed after its first step began. */
  failed: 3,
  interrupted: 130,
} as const

/** The exit codes of failures other than wrong usage. */
const exitCodesByError: Readonly<Partial<Record<ErrorCode, number>>> = { 'setup/interrupted': exitCodes.interrupted }

export function exitCodeOf({ code, inTraining }: KnownError): number {
  return inTraining ? exitCodes.failed : (exitCodesByError[code] ?? exitCodes.usage)
}
