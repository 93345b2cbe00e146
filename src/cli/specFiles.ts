/** Spec files: found, read and written. */
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { UsageError } from './exitCodes.ts'

export const standardInput = '-'

/** The files that the arguments name; of a folder, the YAML files in it. */
export function findSpecs(paths: readonly string[]): string[] {
  return [...new Set(paths.flatMap((path) => (path !== standardInput && isFolder(path) ? specsIn(path) : [path])))]
}

function specsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => ['.yaml', '.yml'].includes(extname(name)))
  if (names.length === 0) throw new UsageError(`there are no .yaml files in ${folder}`)
  return names.toSorted().map((name) => join(folder, name))
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

export function readSpecFile(path: string): string {
  try {
    const bytes = readFileSync(path === standardInput ? 0 : path)
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new UsageError(`there is no file ${path}`, '`shapewright init` writes a first spec')
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new UsageError(`${path} is not UTF-8 text`, 'save it as UTF-8')
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`)
  }
}

/** Writes a text under a temporary name first, so that no reader ever sees half of it. */
export function writeTextFile(path: string, text: string | Uint8Array): void {
  const temporary = `${path}.writing-${process.pid}`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, path)
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`)
  }
}
