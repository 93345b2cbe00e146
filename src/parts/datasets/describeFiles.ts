/** A quick look at the files of a dataset, for `describe`. */
import { isDiagnosticCode } from '../../diagnostics/codes.ts'
import type { DatasetFacts, DatasetProblem } from '../../language/datasetDef.ts'
import { isThere, type Host } from '../../system/host.ts'

/**
 * What a look at a file or a folder tells; that it is not here, where it is not; and what is wrong with it.
 *
 * @param option The option that names it.
 */
export function lookInto(host: Host, path: string, option: string, look: () => DatasetFacts): DatasetFacts {
  if (!isThere(host, path)) return { problems: [notFound(path, option)] }
  try {
    return look()
  } catch (error) {
    return { problems: [unreadable(path, option, error)] }
  }
}

/**
 * What is known of a dataset, with a problem for each of its other files that is not here.
 *
 * @param paths The options that name these.
 */
export function missingFiles(
  host: Host,
  facts: DatasetFacts,
  options: Readonly<Record<string, unknown>>,
  paths: readonly string[],
): DatasetFacts {
  const missing = paths.flatMap((option) => {
    const path = options[option]
    return typeof path === 'string' && !isThere(host, path) ? [notFound(path, option)] : []
  })
  return missing.length === 0 ? facts : { ...facts, problems: [...(facts.problems ?? []), ...missing] }
}

function notFound(path: string, option: string): DatasetProblem {
  return {
    code: 'data/not-found',
    option,
    message: `${path} was not found`,
    help: 'relative paths start at the folder of the spec; its content was not checked',
  }
}

function unreadable(path: string, option: string, error: unknown): DatasetProblem {
  const { message, help, code } = error as Error & { readonly help?: string; readonly code?: string }
  return {
    code: code !== undefined && isDiagnosticCode(code) ? code : 'data/unreadable',
    severity: 'error',
    option,
    // Readers name the file themselves.
    message: help === undefined ? `${path} cannot be read: ${message}` : message.replace(/\.$/, ''),
    help: help === undefined ? 'repair or replace it' : help.replace(/\.$/, ''),
  }
}
