/** Reads a spec file as text, with errors that name the file. */
import { KnownError } from '../system/knownError.ts'
import { asKnownError } from '../system/systemError.ts'
import { readSpecBytes } from './readSpecText.ts'

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
