/** Reads spec files. */
import { readFileSync } from 'node:fs'
import { asKnownError } from '../runtime/systemError.ts'
import { UsageError } from './exitCodes.ts'

export const standardInput = '-'

export function readSpecFile(path: string): string {
  try {
    const bytes = readFileSync(path === standardInput ? 0 : path)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UsageError(`there is no file ${path}`, '`shapewright init` writes a first spec')
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new UsageError(`${path} is not UTF-8 text`, 'save it as UTF-8')
    throw asKnownError(error) ?? error
  }
}
