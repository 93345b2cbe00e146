/** A quick look at the files of a dataset, for `describe`. */
import { existsSync } from 'node:fs'
import type { DatasetFacts, DatasetProblem } from './datasetDef.ts'

/**
 * What a look at a file or a folder tells; that it is not here, where it is not; and what is wrong with it.
 *
 * @param option The option that names it.
 */
export function lookInto(path: string, option: string, look: () => DatasetFacts): DatasetFacts {
  if (!existsSync(path)) return { problems: [notFound(path, option)] }
  try {
    return look()
  } catch (error) {
    return { problems: [unreadable(path, option, error)] }
  }
}

function notFound(path: string, option: string): DatasetProblem {
  return {
    code: 'data/not-found',
    severity: 'warning',
    option,
    message: `there is no ${path} here`,
    help: 'a relative path begins in the folder of the spec',
  }
}

function unreadable(path: string, option: string, error: unknown): DatasetProblem {
  const { message, help } = error as Error & { readonly help?: string }
  return {
    code: 'data/unreadable',
    severity: 'error',
    option,
    // Readers tell the file themselves.
    message: help === undefined ? `${path} cannot be read: ${message}` : message.replace(/\.$/, ''),
    help: help ?? 'mend or replace it',
  }
}
