/** What a run that failed for a reason that is known prints, and its exit code. */
import type { KnownFailure } from '../backends/trainRun.ts'
import { exitCodes } from './exitCodes.ts'

/** @throws the error, where `knownFailure` does not know it: a fault of ours. */
export function tellFailure(error: unknown, knownFailure: (error: unknown) => KnownFailure | undefined): number {
  const known = knownFailure(error)
  if (known === undefined) throw error
  process.stderr.write(`error: ${known.message}\nhelp: ${known.help}\n`)
  return known.kind === 'data' ? exitCodes.usage : exitCodes.failed
}
