/** The state of files, undefined if they are missing. Node's `throwIfNoEntry` still throws if a part of the path is a file. */
import { lstatSync, statSync, type Stats } from 'node:fs'

/** The file or folder that a path leads to. */
export function statOf(path: string): Stats | undefined {
  return unlessMissing(() => statSync(path, { throwIfNoEntry: false }))
}

/** As `statOf`, but does not follow a symbolic link. */
export function lstatOf(path: string): Stats | undefined {
  return unlessMissing(() => lstatSync(path, { throwIfNoEntry: false }))
}

function unlessMissing(read: () => Stats | undefined): Stats | undefined {
  try {
    return read()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}
