/** Creates folders where Node fails to. */
import { lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a folder and the folders above it, where they are missing. Node's own `recursive: true` never returns for a path such as
 * /proc/x, where the system denies that a parent exists which does, and reports a read-only or full disk as a missing folder
 * (https://github.com/nodejs/node/issues/47098, https://github.com/nodejs/node/issues/42808).
 *
 * @throws The system's error, such as EEXIST where a file of that name is there.
 */
export function createFolder(path: string): void {
  if (isFolderAt(path)) return
  const parent = dirname(path)
  // A file or a link that leads nowhere stays what it is, and denies the folder below it.
  const isFree = lstatSync(parent, { throwIfNoEntry: false }) === undefined
  if (isFree && parent !== path) createFolder(parent)
  try {
    mkdirSync(path)
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!isFolderAt(path)) throw error
  }
}

function isFolderAt(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
