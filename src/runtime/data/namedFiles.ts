import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type KnownError, isKnownError, unreadableData } from '../../system/knownError.ts'

/**
 * Where a file of the user's is: where the spec says, or in place of that where the command line does.
 *
 * @param folder What the command line says: a file, or the folder that files of the spec's names are in.
 * @param first The file that it names, where it names one: others are where the spec says.
 */
export function fileAt(path: string, folder: string | undefined, first?: string): string {
  if (folder === undefined) return path
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
  if (isFolder) return join(folder, basename(path))
  return first === undefined ? folder : path
}

/** The error of the file system as one that names the file and the help. */
export function cannotBeRead(path: string, error: unknown): KnownError {
  if (isKnownError(error, 'data')) return error
  const { code, message } = error as NodeJS.ErrnoException
  return unreadableData(
    code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${message}`,
    'Put it there, or set another one with `path` of the dataset or with `--data`.',
  )
}
