/** The state of files and the entries of folders, in the form of Node.js. */
import { resolve } from 'node:path'
import { findFile, isFolder, type MemoryFile } from './files.ts'

export function statsOf(file: MemoryFile | undefined) {
  return {
    size: file?.bytes.length ?? 0,
    mtimeMs: file?.modified ?? 0,
    mtime: new Date(file?.modified ?? 0),
    mode: 0o666,
    nlink: 1,
    isFile: () => file !== undefined,
    isDirectory: () => file === undefined,
    ...others,
  }
}

/** Undefined if nothing has this path. */
export function statsAt(path: string) {
  const file = findFile(path)
  return file !== undefined || isFolder(path) ? statsOf(file) : undefined
}

export function entryOf(folder: string, name: string) {
  const file = findFile(resolve(folder, name))
  return { name, isFile: () => file !== undefined, isDirectory: () => file === undefined, ...others }
}

const no = () => false
const others = { isSymbolicLink: no, isFIFO: no, isSocket: no, isCharacterDevice: no, isBlockDevice: no }
