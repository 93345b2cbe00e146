/** Prints the command that repeats a sweep, which is saved with it. */
import { quoteForShell } from '../system/quoteForShell.ts'
import type { SweepOptions } from './sweepOptions.ts'

/** Returns a line for a POSIX shell. */
export function commandOfSweep(file: string, { name, backend, threads, parallel, set = [] }: SweepOptions): string {
  const given = { name, backend, threads, parallel }
  const options = Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [`--${key}`, quoteForShell(`${value}`)],
  )
  const settings = set.map((setting) => `--set ${quoteForShell(setting)}`)
  return ['shapewright sweep', quoteForShell(file), ...settings, ...options].join(' ')
}
