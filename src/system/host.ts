/** The interface by which an analysis reads files in Node.js, a browser, or an editor with unsaved texts. */
import { unreadableData } from './knownError.ts'

/** Reads files synchronously, so that a check is one function call. Each function throws if the system refuses. */
export interface Host {
  /** The size of a file in bytes; undefined if it is missing. */
  size(path: string): number | undefined
  /** The entries of a folder, in any order; undefined if it is missing. */
  list(path: string): Iterable<FolderEntry> | undefined
  /** Reads a part of a file: `length` bytes, or fewer if the file ends before. */
  read(path: string, part: FilePart): Uint8Array
}

export interface FolderEntry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

export interface FilePart {
  readonly start: number
  readonly length: number
  /** The compression of these bytes, which are decompressed as far as possible. */
  readonly packing?: Packing
}

/** Compression formats, named as in the web's `DecompressionStream`. */
export type Packing = 'gzip' | 'deflate-raw'

/** A host without files. Diagnostics then report that the user's data are unknown. */
export const noHost: Host = {
  size: () => undefined,
  list: () => undefined,
  read: (path) => {
    throw new Error(`there is no ${path}`)
  },
}

/** Whether a file or folder exists. */
export function isThere(host: Host, path: string): boolean {
  return host.size(path) !== undefined || host.list(path) !== undefined
}

/** @throws KnownError if the path is not a folder. */
export function listFolder(host: Host, path: string): Iterable<FolderEntry> {
  const entries = host.list(path)
  if (entries !== undefined) return entries
  throw unreadableData(`${path} is a file, but a folder is needed.`, 'Use the folder that contains it.')
}

/** Reads the first bytes of a file, decompressed if its name ends in `.gz`. */
export function readHead(host: Host, path: string, length: number): Uint8Array {
  if (!path.endsWith('.gz')) return host.read(path, { start: 0, length })
  // 4 kB more suffice for data that do not compress; the rest of the file is not needed.
  return host.read(path, { start: 0, length: length + 4096, packing: 'gzip' }).subarray(0, length)
}
