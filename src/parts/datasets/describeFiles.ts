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
  return isThere(host, path) ? explainErrors(path, option, probe) : { problems: [notFound(path, option)] }
}

/** Returns the facts that `probe` finds, or the error that it throws as a problem of the option. */
export function explainErrors(path: string, option: string, probe: () => DatasetFacts): DatasetFacts {
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
    help: `${helpOnPath(path)}; its content was not checked`,
  }
}

/** Says why a path may lead nowhere: some programs give a meaning to texts that are names of files here. */
export function helpOnPath(path: string): string {
  if (/(^|\/)https?:\/+\w/.test(path)) return 'a path is a file on this machine: download it first'
  if (/(^|\/)~\//.test(path)) return 'a path has no `~`: write the whole path'
  if (path.includes('\\')) return 'write `/` between folders, on Windows as well'
  return 'relative paths start at the folder of the spec'
}

function unreadable(path: string, option: string, error: unknown): DatasetProblem {
  const { message, help, code } = error as Error & { readonly help?: string; readonly code?: string }
  return {
    code: code !== undefined && isDiagnosticCode(code) ? code : 'data/unreadable',
    severity: 'error',
    option,
    // Errors with a help text come from the readers and already name the file.
    message: help === undefined ? `${path} cannot be read: ${message}` : asClause(message.replace(/^The /, 'the ')),
    help:
      help === undefined
        ? 'repair or replace it'
        : asClause(help.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())),
  }
}

/** A sentence as part of a diagnostic. */
function asClause(sentence: string): string {
  return sentence.replace(/\.$/, '')
}
