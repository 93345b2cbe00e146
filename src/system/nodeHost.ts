/** The host of an analysis in Node.js: the files of this machine. */
import { closeSync, opendirSync, readSync, statSync, type Dirent } from 'node:fs'
import type { FolderEntry, Host } from './host.ts'
import { openRegularFile } from './regularFile.ts'

export const nodeHost: Host = {
  size(path) {
    const found = statIfPossible(path)
    return found === undefined || found.isDirectory() ? undefined : found.size
  },
  list: (path) => (statIfPossible(path)?.isDirectory() === true ? entriesOf(path) : undefined),
  read(path, { start, length, packing }) {
    const bytes = readPart(path, start, length)
    if (packing === undefined) return bytes
    // Loaded on demand, because loading takes longer than most decompressions.
    const { gunzipSync, inflateRawSync, constants } = process.getBuiltinModule('node:zlib')
    const unpack = packing === 'gzip' ? gunzipSync : inflateRawSync
    return unpack(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
  },
}

/** As `statSync`, but a file that cannot be reached counts as missing. */
function statIfPossible(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Lists a folder lazily, so the first of thousands of images is found without reading the others. */
function* entriesOf(path: string): Iterable<FolderEntry> {
  const folder = opendirSync(path)
  try {
    for (let entry = folder.readSync(); entry; entry = folder.readSync()) {
      yield { name: entry.name, kind: kindOf(entry) }
    }
  } finally {
    folder.closeSync()
  }
}

function kindOf(entry: Dirent): FolderEntry['kind'] {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}

function readPart(path: string, start: number, length: number): Uint8Array {
  const { file, size } = openRegularFile(path)
  try {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, size - start)))
    let filled = 0
    for (let count = 1; count > 0 && filled < bytes.length; filled += count) {
      count = readSync(file, bytes, filled, bytes.length - filled, start + filled)
    }
    return bytes.subarray(0, filled)
  } finally {
    closeSync(file)
  }
}
