/** Whether a run can begin in a folder, or is there already. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KnownError } from '../../system/knownError.ts'
import { isTemporary } from './temporaryName.ts'
import { createFolder } from '../../system/createFolder.ts'
import { runFiles } from '../../system/runFiles.ts'
import { fileFailure } from '../../system/systemError.ts'
import { decodeManifest } from './runManifest.ts'

/**
 * What a folder is to a run: `unused` where a run can begin in it, for it is empty or another was killed in it before it
 * had described itself; `run` where it has one; `foreign` where it has other files.
 */
export type RunFolderState = 'absent' | 'unused' | 'run' | 'foreign'

/**
 * @param specText Of the run that may begin there: a copy of it may be in the folder.
 * @throws KnownError where the folder cannot be read.
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
  // The last of the files that describe a run.
  if (names.includes(runFiles.environment)) return 'run'
  const textOf = (name: string) => (names.includes(name) ? readFileSync(join(folder, name), 'utf8') : undefined)
  const manifest = decodeManifest(textOf(runFiles.manifest) ?? '')
  const own: readonly string[] = manifest ? [runFiles.manifest, runFiles.spec, runFiles.resolved] : []
  const isOurs = (name: string) => own.includes(name) || (name === runFiles.spec && textOf(name) === specText)
  return names.every(isOurs) ? 'unused' : 'foreign'
}

/**
 * @returns Whether it is there now; false where it is a file.
 * @throws KnownError where the system refuses.
 */
export function makeFolder(folder: string): boolean {
  try {
    createFolder(folder)
    return true
  } catch (error) {
    // Of a file in the place of the folder, not of one above it.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new KnownError('run', `The run cannot be saved in ${folder}: ${why}.`, 'Choose another folder with --out.')
  }
}
