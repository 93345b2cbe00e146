/** Replaces the content of a file, and keeps its links, mode and owner. */
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { withoutInterruption } from './endingSignals.ts'
import { KnownError, isKnownError } from './knownError.ts'
import { asKnownError, fileFailure } from './systemError.ts'
import { lstatOf, statOf } from './fileState.ts'

/** The content of a file in pieces, so that large files need not be one buffer. */
export type FileContent = readonly (Uint8Array | string)[]

/** A file that is written under a temporary name, but not yet moved to its path. */
export interface WrittenFile {
  /** Moves the file to its path. */
  place(): void
  /** Removes the temporary file, if it was not moved. */
  discard(): void
}

/**
 * Writes a temporary file in the same folder.
 *
 * @param path The path of the file. A symbolic link is kept: the file that it leads to is replaced.
 * @param keepsHardLinks Whether other names of the same file also get the new content.
 * @throws KnownError if the path is a folder or a device, the file is read-only, or the system refuses.
 */
export function writeBeside(path: string, content: FileContent, keepsHardLinks = false): WrittenFile {
  try {
    return prepareFile(path, content, keepsHardLinks)
  } catch (error) {
    throw describeRefusal(path, error)
  }
}

/** As `writeBeside`, but keeps hard links, and also moves the file to its path. */
export function replaceFile(path: string, content: FileContent): void {
  withoutInterruption(() => {
    const written = writeBeside(path, content, true)
    try {
      written.place()
    } catch (error) {
      throw describeRefusal(path, error)
    } finally {
      written.discard()
    }
  })
}

/** The path that a chain of symbolic links leads to, even if no file exists there yet. */
export function followLinks(path: string): string {
  let place = resolve(path)
  for (let links = 0; links < 40; links++) {
    if (lstatOf(place)?.isSymbolicLink() !== true) return place
    // A link is relative to the real path of its folder.
    place = resolve(realpathSync(dirname(place)), readlinkSync(place))
  }
  throw new KnownError('output', `${path} cannot be written: its symbolic links form a cycle.`, 'Replace the links.')
}

/** @throws KnownError if a path is a folder, not a regular file, or read-only. */
export function requireReplaceable(path: string, found: Stats): void {
  if (found.isDirectory()) {
    throw new KnownError(
      'output',
      `${path} cannot be written: it is a folder.`,
      'Choose another name, or move the folder.',
    )
  }
  if (!found.isFile()) {
    throw new KnownError('output', `${path} cannot be written: it is not a regular file.`, 'Use a regular file.')
  }
  // The administrator could write to it, but its mode shows that this is not wanted.
  if ((found.mode & 0o222) === 0) {
    throw new KnownError(
      'output',
      `${path} cannot be written: it is read-only.`,
      `Run \`chmod u+w ${path}\` to make it writable.`,
    )
  }
}

/** Counts the temporary files of this process, for their names. */
let files = 0

function prepareFile(path: string, content: FileContent, keepsHardLinks: boolean): WrittenFile {
  const place = followLinks(path)
  const found = statOf(place)
  if (found) requireReplaceable(path, found)
  files += 1
  // Short, because the name of the file may have the maximum length. `.writing-` marks the leftovers of a killed process.
  const temporary = join(dirname(place), `.shapewright.writing-${process.pid}-${files}`)
  const discard = () => rmSync(temporary, { force: true })
  const writeInPlace = () => overwrite(place, content)
  try {
    writeContent(temporary, content, 'wx')
    if (found) keepAttributes(temporary, found)
  } catch (error) {
    discard()
    // The folder does not allow new files, but the existing file may be writable.
    if (found && isRefused(error)) return { place: writeInPlace, discard: () => undefined }
    throw error
  }
  return {
    place() {
      if (keepsHardLinks && found && found.nlink > 1) return writeInPlace()
      try {
        renameSync(temporary, place)
      } catch (error) {
        // A file that is a mount point itself cannot be renamed over.
        if (!found || !isRefused(error)) throw error
        writeInPlace()
      }
    },
    discard,
  }
}

function writeContent(path: string, content: FileContent, flag: 'wx' | 'r+'): void {
  const file = openSync(path, flag)
  try {
    let length = 0
    for (const piece of content) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
      writeFileSync(file, bytes)
      length += bytes.length
    }
    ftruncateSync(file, length)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Writes to the existing file, which is not atomic as a rename is. Restores the old content if the disk is full. */
function overwrite(path: string, content: FileContent): void {
  const before = readFileSync(path)
  try {
    writeContent(path, content, 'r+')
  } catch (error) {
    writeContent(path, [before], 'r+')
    throw error
  }
}

function keepAttributes(path: string, { mode, uid, gid }: Stats): void {
  const own = statSync(path)
  try {
    if (own.uid !== uid || own.gid !== gid) chownSync(path, uid, gid)
  } catch {
    // Only the administrator can give a file to another owner.
  }
  chmodSync(path, mode & 0o7777)
}

function isRefused(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')
}

/** Converts an error to one that names the requested file instead of the temporary one. */
function describeRefusal(path: string, error: unknown): unknown {
  const known = asKnownError(error)
  if (known === undefined || isKnownError(known, 'output')) return known ?? error
  const folder = dirname(path)
  if (known.cause instanceof Error && 'code' in known.cause && known.cause.code === 'ENOENT') {
    return new KnownError(
      'output',
      `${path} cannot be written: there is no folder ${folder}.`,
      'Create the folder, or choose another one.',
      { cause: error },
    )
  }
  return new KnownError('output', `${path} cannot be written: ${fileFailure(error)}.`, known.help, { cause: error })
}
