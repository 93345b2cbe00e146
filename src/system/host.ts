/** The files that an analysis reads, through whoever runs it: Node.js, a browser, an editor with unsaved texts. */
import { unreadableData } from './knownError.ts'

/** Reads files at once, so that a check is one function call. Each function throws where the system refuses. */
export interface Host {
  /** The bytes of a file; undefined where there is none. */
  size(path: string): number | undefined
  /** What is in a folder, in any order; undefined where there is none. */
  list(path: string): Iterable<FolderEntry> | undefined
  /** A part of a file: `length` bytes, or fewer where it ends before. */
  read(path: string, part: FilePart): Uint8Array
}

export interface FolderEntry {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
}

export interface FilePart {
  readonly start: number
  readonly length: number
  /** How these bytes are packed: what is returned is what they unpack to, as far as they go. */
  readonly packing?: Packing
}

/** Names as those of the web's `DecompressionStream`. */
export type Packing = 'gzip' | 'deflate-raw'

/** A host without files: nothing is known of the user's own data then, and diagnostics say so. */
export const noHost: Host = {
  size: () => undefined,
  list: () => undefined,
  read: (path) => {
    throw new Error(`there is no ${path}`)
  },
}

/** Whether there is a file or a folder. */
export function isThere(host: Host, path: string): boolean {
  return host.size(path) !== undefined || host.list(path) !== undefined
}

/** @throws KnownError where something else is at `path`. */
export function listFolder(host: Host, path: string): Iterable<FolderEntry> {
  const entries = host.list(path)
  if (entries !== undefined) return entries
  throw unreadableData(`${path} is a file, but a folder is needed.`, 'Use the folder that contains it.')
}

/** The first bytes of a file; of one whose name ends in `.gz`, those that it unpacks to. */
export function readHead(host: Host, path: string, length: number): Uint8Array {
  if (!path.endsWith('.gz')) return host.read(path, { start: 0, length })
  // 4 kB more are enough for what is packed badly; the end of the file is not needed.
  return host.read(path, { start: 0, length: length + 4096, packing: 'gzip' }).subarray(0, length)
}
