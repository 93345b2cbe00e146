/** Reports missing and unreadable files of a dataset, for `describe`. */
import { isDiagnosticCode } from '../../diagnostics/codes.ts'
import type { DatasetFacts, DatasetProblem } from '../../language/datasetDef.ts'
import { isThere, type Host } from '../../system/host.ts'

/**
 * Returns the facts that `probe` finds in a file or a folder, or the problem that it is missing or unreadable.
 *
 * @param option The option that names it.
 */
export function probeFile(host: Host, path: string, option: string, probe: () => DatasetFacts): DatasetFacts {
  if (!isThere(host, path)) return { problems: [notFound(path, option)] }
  try {
    return probe()
  } catch (error) {
    return { problems: [unreadable(path, option, error)] }
  }
}

/**
 * Adds to the facts of a dataset a problem for each of its other files that is missing.
 *
 * @param paths The options that name these files.
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
    // Errors with a help text come from the readers and already name the file.
    message: help === undefined ? `${path} cannot be read: ${message}` : message.replace(/\.$/, ''),
    help: help === undefined ? 'repair or replace it' : help.replace(/\.$/, ''),
  }
}
