/** Finds and reads the files of a dataset. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Returns a path in the nearest folder that has it, from this script upwards, or in the working directory if none has. */
export function findUp(path: string, from = import.meta.dirname): string {
  if (from === dirname(from)) return path
  return existsSync(join(from, path)) ? join(from, path) : findUp(path, dirname(from))
}

/** Reads and parses a file; errors name the file and end with `help`. */
export function readParsed<Parsed>(file: string, help: string, parse: (bytes: Buffer) => Parsed): Parsed {
  try {
    return parse(readFileSync(file))
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}. ${help}`, { cause: error })
  }
}

/** Finds a file: at its path, or in the folder given by `--data`, or at `--data` itself. */
export function fileAt(path: string, data?: string): string {
  if (data === undefined) return path
  return statSync(data, { throwIfNoEntry: false })?.isDirectory() ? join(data, basename(path)) : data
}
