/** Implements `shapewright check --target`: reports what a script for a target cannot contain. */
import { withTargetProblems } from '../tasks/checkTarget.ts'
import { KnownError } from '../system/knownError.ts'
import { checkCommand, type CheckOptions } from './check.ts'

export interface CheckTargetOptions extends Omit<CheckOptions, 'data'> {
  readonly data?: string | true | undefined
}

export async function checkTargetCommand(
  paths: readonly string[],
  { data, ...options }: CheckTargetOptions,
): Promise<number> {
  if (data !== undefined)
    throw new KnownError('usage', '`--data` and `--target` are two checks', 'use one of the two options')
  return await checkCommand(paths, options, (analysis) => withTargetProblems(analysis, options.target ?? 'ts'))
}
