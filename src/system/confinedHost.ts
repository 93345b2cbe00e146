/** Confines the files that a spec can name to one folder, for servers that act for somebody else. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isInside } from './insideFolder.ts'
import { KnownError } from './knownError.ts'
import type { Host } from './host.ts'
import { nodeHost } from './nodeHost.ts'

export interface Confinement {
  /**
   * Returns the absolute path of a file in the folder.
   *
   * @throws KnownError if the path, or where its symbolic links lead, is outside.
   */
  resolve(path: string): string
  /** Reads files of the folder, and refuses all others. */
  readonly host: Host
}

/** @param help What the user can do about a refused path. */
export function confineTo(folder: string, help: string): Confinement {
  const root = realpathSync(folder)
  const confine = (path: string): string => {
    const target = resolve(root, path)
    if (isInside(root, realPathOf(target))) return target
    throw new KnownError('usage', `${path} is outside of ${root}, or a link that leads outside`, help)
  }
  const host: Host = {
    size: (path) => nodeHost.size(confine(path)),
    list: (path) => nodeHost.list(confine(path)),
    read: (path, part) => nodeHost.read(confine(path), part),
  }
  return { resolve: confine, host }
}

/** The path without symbolic links. Of a file that does not exist, its folder is followed. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const folder = dirname(path)
    return folder === path ? path : join(realPathOf(folder), basename(path))
  }
}
