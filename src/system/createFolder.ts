/** Creates folders, also in the cases in which Node fails to. */
import { lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a folder and its missing parents. Node's own `recursive: true` never returns for a path such as /proc/x, where the
 * system reports an existing parent as missing, and reports a read-only or full disk as a missing folder
 * (https://github.com/nodejs/node/issues/47098, https://github.com/nodejs/node/issues/42808).
 *
 * @throws The error of the system, such as EEXIST if a file has this path.
 */
export function createFolder(path: string): void {
  if (isFolderAt(path)) return
  const parent = dirname(path)
  // A file or a broken link is left unchanged; creating the folder then fails.
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
