import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type KnownError, isKnownError, unreadableData } from '../../system/knownError.ts'

/**
 * Returns the path of a user's file: from the spec, unless the command line overrides it.
 *
 * @param folder The file or folder from the command line; a folder contains files with the names of the spec.
 * @param first The file that `folder` replaces if it is a file; other files keep their path from the spec.
 */
export function fileAt(path: string, folder: string | undefined, first?: string): string {
  if (folder === undefined) return path
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
  if (isFolder) return join(folder, basename(path))
  return first === undefined ? folder : path
}

/** Converts an error of the file system to one that names the file and the fix. */
export function cannotBeRead(path: string, error: unknown): KnownError {
  if (isKnownError(error, 'data')) return error
  const { code, message } = error as NodeJS.ErrnoException
  return unreadableData(
    code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${message}`,
    'Put it there, or set another one with `path` of the dataset or with `--data`.',
  )
}
