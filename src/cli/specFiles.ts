/** Reads spec files as text, with errors that name the file. */
import { isKnownError, KnownError } from '../system/knownError.ts'
import { asKnownError } from '../system/systemError.ts'
import { readSpecBytes } from './readSpecText.ts'
import { reportFailure } from './reportFailure.ts'

export { standardInput } from './readSpecText.ts'

export function readSpecFile(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readSpecBytes(path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT')
      throw new KnownError('usage', `there is no file ${path}`, 'run `shapewright init` to write a first spec')
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new KnownError('usage', `${path} is not UTF-8 text`, 'save it as UTF-8')
    throw asKnownError(error) ?? error
  }
}

export interface ReadSpec {
  readonly file: string
  readonly text: string
}

/**
 * Reads specs. Of several files, those that cannot be read are reported and left out, because the others can still be checked.
 *
 * @throws KnownError if the only file cannot be read.
 */
export function readSpecFiles(files: readonly string[]): readonly ReadSpec[] {
  return files.flatMap((file) => {
    try {
      return [{ file, text: readSpecFile(file) }]
    } catch (error) {
      if (files.length === 1 || !isKnownError(error)) throw error
      reportFailure(error)
      return []
    }
  })
}
