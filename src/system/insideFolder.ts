import { relative, resolve, sep } from 'node:path'

/** Whether a path is that of a folder or leads into it. Both are absolute, and free of symbolic links where these matter. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path
}
