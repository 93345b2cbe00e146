/** What is at a path. Nothing is, where a part of the path is missing or a file; Node's `throwIfNoEntry` knows the first only. */
import { lstatSync, statSync, type Stats } from 'node:fs'

/** The file or folder that a path leads to. */
export function statOf(path: string): Stats | undefined {
  return unlessMissing(() => statSync(path, { throwIfNoEntry: false }))
}

/** As `statOf`, but a symbolic link is looked at itself. */
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
