/** Finds the folder of a sweep that is resumed. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { KnownError, isKnownError } from '../../system/knownError.ts'
import { isSweepFolder, readSweepRecord } from './sweepFiles.ts'

/**
 * The newest sweep of a name.
 *
 * @param folder Its folder in `root`, if the command line names it.
 * @throws KnownError if it is missing.
 */
export async function findSweep(root: string, name: string, folder?: string): Promise<string> {
  const named = join(root, folder ?? name)
  if (folder !== undefined && isSweepFolder(named)) return named
  const folders = folder === undefined && existsSync(root) ? readdirSync(root).map((entry) => join(root, entry)) : []
  const found: { readonly path: string; readonly date: string }[] = []
  for (const path of folders.filter(isSweepFolder)) {
    const record = await readSweepRecord(path).catch((error: unknown) => {
      if (isKnownError(error)) return undefined
      throw error
    })
    if (record?.name === name) found.push({ path, date: record.date })
  }
  const newest = found.toSorted((one, other) => other.date.localeCompare(one.date))[0]
  if (newest !== undefined) return newest.path
  throw new KnownError(
    'usage',
    `there is no sweep ${folder ?? name} in ${root}`,
    'run the command without --resume to begin one',
  )
}
