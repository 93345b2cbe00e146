/** Determines whether a run can start in a folder, or already exists there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KnownError } from '../../system/knownError.ts'
import { isTemporary } from './temporaryName.ts'
import { createFolder } from '../../system/createFolder.ts'
import { runFiles } from '../../system/runFiles.ts'
import { fileFailure } from '../../system/systemError.ts'
import { decodeManifest } from './runManifest.ts'

/**
 * The state of a folder: `unused` if a run can start in it, since it is empty or its process was killed before it had
 * described the run; `run` if it has a run; `foreign` if it has other files.
 */
export type RunFolderState = 'absent' | 'unused' | 'run' | 'foreign'

/**
 * @param specText The spec of the run that may start there; a copy of it may be in the folder.
 * @throws KnownError if the folder cannot be read.
 */
export function stateOfFolder(folder: string, specText?: string): RunFolderState {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => name !== runFiles.lock && !isTemporary(name))
  } catch (error) {
    const why = fileFailure(error)
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'absent'
    if (why === undefined) throw error
    throw new KnownError('run', `${folder} cannot be read: ${why}.`, 'Choose another folder.')
  }
  // This file is written last of those that describe a run.
  if (names.includes(runFiles.environment)) return 'run'
  const textOf = (name: string) => (names.includes(name) ? readFileSync(join(folder, name), 'utf8') : undefined)
  const manifest = decodeManifest(textOf(runFiles.manifest) ?? '')
  const own: readonly string[] = manifest ? [runFiles.manifest, runFiles.spec, runFiles.resolved, runFiles.log] : []
  const isOurs = (name: string) => own.includes(name) || (name === runFiles.spec && textOf(name) === specText)
  return names.every(isOurs) ? 'unused' : 'foreign'
}

/**
 * Creates a folder if it is missing.
 *
 * @returns Whether the folder exists; false if its path is a file.
 * @throws KnownError if the system refuses.
 */
export function makeFolder(folder: string): boolean {
  try {
    createFolder(folder)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The path itself is a file, not one of its parents.
    if (code === 'EEXIST') return false
    const why = fileFailure(error)
    if (why === undefined) throw error
    const help = code === 'ENAMETOOLONG' ? 'Choose a shorter name with --name.' : 'Choose another folder with --out.'
    throw new KnownError('run', `The run cannot be saved in ${folder}: ${why}.`, help)
  }
}
