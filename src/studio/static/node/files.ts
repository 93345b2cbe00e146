/** The files of a worker, in memory. The substitutes for the file modules of Node.js read and write them. */
import { dirname, resolve } from 'node:path'

/** The content of a file. A file that is open keeps it when its path gets another one. */
export interface MemoryFile {
  bytes: Uint8Array
  modified: number
}

const files = new Map<string, MemoryFile>()
const folders = new Set<string>(['/'])

export const findFile = (path: string): MemoryFile | undefined => files.get(resolve(path))

export const isFolder = (path: string): boolean => folders.has(resolve(path))

/** @throws The error of Node.js if the file is missing. */
export function fileAt(path: string, call: string): MemoryFile {
  const found = findFile(path)
  if (found !== undefined) return found
  throw isFolder(path) ? fileError('EISDIR', call, path) : fileError('ENOENT', call, path)
}

/** Creates the parents of the file as well. */
export function putFile(path: string, bytes: Uint8Array, modified = Date.now()): MemoryFile {
  const place = resolve(path)
  const file = { bytes, modified }
  makeFolder(dirname(place))
  files.set(place, file)
  return file
}

export function makeFolder(path: string): void {
  const place = resolve(path)
  if (folders.has(place)) return
  makeFolder(dirname(place))
  folders.add(place)
}

/** Removes a file, or a folder with all that is in it. */
export function removePath(path: string): void {
  const place = resolve(path)
  files.delete(place)
  folders.delete(place)
  for (const inside of [...files.keys(), ...folders].filter(isIn(place))) {
    files.delete(inside)
    folders.delete(inside)
  }
}

/** @throws The error of Node.js if there is nothing at the first path. */
export function movePath(from: string, to: string): void {
  const [before, after] = [resolve(from), resolve(to)]
  if (!folders.has(before)) {
    const file = fileAt(from, 'rename')
    files.delete(before)
    files.set(after, file)
    return
  }
  for (const folder of [before, ...[...folders].filter(isIn(before))]) {
    folders.delete(folder)
    makeFolder(after + folder.slice(before.length))
  }
  for (const [path, file] of filesIn(before)) {
    files.delete(path)
    files.set(after + path.slice(before.length), file)
  }
}

/** The files in a folder and in the folders in it, by their absolute paths. */
export function filesIn(folder: string): [path: string, file: MemoryFile][] {
  const isInside = isIn(resolve(folder))
  return [...files].filter(([path]) => isInside(path))
}

/** @throws The error of Node.js if the folder is missing. */
export function namesIn(folder: string, call: string): string[] {
  const place = resolve(folder)
  if (!folders.has(place)) throw fileError(files.has(place) ? 'ENOTDIR' : 'ENOENT', call, folder)
  const start = place === '/' ? 1 : place.length + 1
  const inside = [...files.keys(), ...folders].filter(isIn(place)).map((path) => path.slice(start))
  return inside.filter((name) => !name.includes('/')).toSorted()
}

function isIn(folder: string): (path: string) => boolean {
  const start = folder === '/' ? '/' : `${folder}/`
  return (path) => path.length > start.length && path.startsWith(start)
}

/** An error with the properties by which the callers recognize it. */
export function fileError(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path })
}
