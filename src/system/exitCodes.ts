/** What the exit code of the process means, and which one a failure has. */
import type { ErrorCode, KnownError } from './knownError.ts'

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

/** The failures whose exit code is not that of wrong use. */
const exitCodesByError: Readonly<Partial<Record<ErrorCode, number>>> = { 'setup/interrupted': exitCodes.interrupted }

export function exitCodeOf({ code, inTraining }: KnownError): number {
  return inTraining ? exitCodes.failed : (exitCodesByError[code] ?? exitCodes.usage)
}
