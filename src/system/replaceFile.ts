/** Replaces the content of a file, and keeps all else: its links, mode and owner. */
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
import { KnownError, isKnownError } from './knownError.ts'
import { asKnownError, fileFailure } from './systemError.ts'
import { lstatOf, statOf } from './fileState.ts'

/** In pieces, so that large files need not be one buffer. */
export type FileContent = readonly (Uint8Array | string)[]

/** A file that is written under a temporary name, and waits to be put in place. */
export interface WrittenFile {
  /** Puts it in place. */
  place(): void
  /** Removes it, if it is not in place. */
  discard(): void
}

/**
 * Writes a file beside its place.
 *
 * @param path A symbolic link stays one: the file that it leads to is replaced.
 * @param keepsHardLinks Whether other names of the same file get the new content as well, and not only this one.
 * @throws KnownError where a folder or a device is there, the file is read-only, or the system refuses.
 */
export function writeBeside(path: string, content: FileContent, keepsHardLinks = false): WrittenFile {
  try {
    return prepareFile(path, content, keepsHardLinks)
  } catch (error) {
    throw describeRefusal(path, error)
  }
}

/** As `writeBeside`, put in place at once. */
export function replaceFile(path: string, content: FileContent, keepsHardLinks = false): void {
  const written = writeBeside(path, content, keepsHardLinks)
  try {
    written.place()
  } catch (error) {
    throw describeRefusal(path, error)
  } finally {
    written.discard()
  }
}

/** Where a path leads, also if nothing is there yet. */
export function followLinks(path: string): string {
  let place = resolve(path)
  for (let links = 0; links < 40; links++) {
    if (lstatOf(place)?.isSymbolicLink() !== true) return place
    // Relative to the folder that the link is really in.
    place = resolve(realpathSync(dirname(place)), readlinkSync(place))
  }
  throw new KnownError('output', `${path} cannot be written: its symbolic links form a cycle.`, 'Replace the links.')
}

/** @throws KnownError where what is at a path is not a file that can be replaced. */
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
  // The administrator may write to it all the same; whoever set its mode did not want that.
  if ((found.mode & 0o222) === 0) {
    throw new KnownError(
      'output',
      `${path} cannot be written: it is read-only.`,
      `Run \`chmod u+w ${path}\` to make it writable.`,
    )
  }
}

/** Numbers the temporary files of this process. */
let files = 0

function prepareFile(path: string, content: FileContent, keepsHardLinks: boolean): WrittenFile {
  const place = followLinks(path)
  const found = statOf(place)
  if (found) requireReplaceable(path, found)
  files += 1
  // Short, since the name of the file may be as long as the system takes. `.writing-` marks what a killed process left.
  const temporary = join(dirname(place), `.shapewright.writing-${process.pid}-${files}`)
  const discard = () => rmSync(temporary, { force: true })
  const writeInPlace = () => overwrite(place, content)
  try {
    writeContent(temporary, content, 'wx')
    if (found) keepAttributes(temporary, found)
  } catch (error) {
    discard()
    // The folder takes no new file, but the file itself can be written.
    if (found && isRefused(error)) return { place: writeInPlace, discard: () => undefined }
    throw error
  }
  return {
    place() {
      if (keepsHardLinks && found && found.nlink > 1) return writeInPlace()
      try {
        renameSync(temporary, place)
      } catch (error) {
        // A file that is mounted by itself cannot be exchanged.
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

/** Not at one stroke, as a rename is. What was there comes back where the disk is full. */
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

/** Names the file that was asked for, and not the temporary one. */
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
