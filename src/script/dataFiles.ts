/** Finds and reads the files of a dataset. */
import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** What `parse` makes of a file. */
export async function readParsed<Parsed>(
  file: string,
  help: string,
  parse: (bytes: Buffer) => Parsed,
): Promise<Parsed> {
  try {
    return parse(await readFile(file))
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}. ${help}`, { cause: error })
  }
}

/** Where a file is: at its path, or in the folder given by `--data`, or `--data` itself. */
export function fileAt(path: string, data?: string): string {
  if (data === undefined) return path
  return statSync(data, { throwIfNoEntry: false })?.isDirectory() ? join(data, basename(path)) : data
}
