/** Reads files that a user named: never a pipe or a device, and never without a limit. */
import { close, closeSync, constants, fstatSync, openSync, read, readSync, type Stats, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { KnownError } from './knownError.ts'

/** The most bytes that a file of each kind may have. */
export const fileSizeLimits = {
  spec: 10e6,
  /** Other texts: those of a run, and names of classes. */
  text: 500e6,
  image: 1e9,
  /** Tables, arrays and archives that are read as a whole: what one buffer of Node.js 20 holds. */
  data: 2 ** 32,
} as const

/** A file that is open for reading. Whoever opens it closes it. */
export interface OpenedFile {
  readonly file: number
  readonly size: number
}

/**
 * Opens a file that a user named. It never waits: a pipe, device, socket or folder is refused, after it was opened, so that
 * nothing can take the place of the file in between.
 *
 * @throws KnownError where it is no regular file, or larger than `limit`; an error of Node.js where it cannot be opened.
 */
export function openRegularFile(path: string, limit: number = Number.MAX_SAFE_INTEGER): OpenedFile {
  const file = openWithoutWaiting(path)
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw irregularFile(path, found)
    if (found.size > limit) throw oversizedFile(path, found.size, limit)
    return { file, size: found.size }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

/** @throws see `openRegularFile`. */
export function readRegularFile(path: string, limit: number): Buffer {
  const { file, size } = openRegularFile(path, limit)
  try {
    const bytes = Buffer.allocUnsafe(size)
    let filled = 0
    for (let count = 1; count > 0 && filled < size; filled += count) {
      count = readSync(file, bytes, filled, Math.min(size - filled, longestRead), null)
    }
    return size === 0 ? readUnsized(file, path, limit) : bytes.subarray(0, filled)
  } finally {
    closeSync(file)
  }
}

/**
 * Reads in threads of Node.js. The functions of `node:fs` that take callbacks need a third of the time of its promises,
 * which counts where thousands of small images are read.
 *
 * @throws see `openRegularFile`.
 */
export async function readWholeFile(path: string, limit: number): Promise<Buffer> {
  const { file, size } = openRegularFile(path, limit)
  try {
    const bytes = Buffer.allocUnsafe(size)
    let filled = 0
    for (let count = 1; count > 0 && filled < size; filled += count) {
      count = (await readSoon(file, bytes, filled, Math.min(size - filled, longestRead), null)).bytesRead
    }
    return size === 0 ? readUnsized(file, path, limit) : bytes.subarray(0, filled)
  } finally {
    await closeSoon(file)
  }
}

const readSoon = promisify(read)
const closeSoon = promisify(close)

/** The system takes no longer read. */
const longestRead = 2 ** 30

/** Files that the kernel makes up, as in /proc, say that they are empty. */
function readUnsized(file: number, path: string, limit: number): Buffer {
  const parts: Buffer[] = []
  let total = 0
  for (let count = 1; count > 0; total += count) {
    const part = Buffer.allocUnsafe(65536)
    count = readSync(file, part, 0, part.length, null)
    parts.push(part.subarray(0, count))
    if (total > limit) throw oversizedFile(path, total, limit)
  }
  return Buffer.concat(parts)
}

/** To open a pipe waits for its other end, and to open a device may wait for a person, unless it is asked not to. */
export function openWithoutWaiting(path: string): number {
  try {
    // Windows has neither.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0))
  } catch (error) {
    // A socket, or a device that is not there, cannot be opened.
    const found = statSync(path, { throwIfNoEntry: false })
    if (found && !found.isFile() && !found.isDirectory()) throw irregularFile(path, found)
    throw error
  }
}

export function irregularFile(path: string, found: Stats): KnownError {
  const kinds: readonly (readonly [string, boolean])[] = [
    ['a folder', found.isDirectory()],
    ['a named pipe (FIFO)', found.isFIFO()],
    ['a socket', found.isSocket()],
    ['a device', found.isCharacterDevice() || found.isBlockDevice()],
  ]
  const kind = kinds.find(([, isOne]) => isOne)?.[0] ?? 'not a file'
  return new KnownError(
    'data/unreadable',
    `${path} is ${kind}, but a file is needed.`,
    kind === 'a folder' ? 'Use a file in it.' : 'Only regular files are supported: copy its content to one.',
  )
}

export function oversizedFile(path: string, size: number, limit: number): KnownError {
  return new KnownError(
    'data/unreadable',
    `${path} has ${size.toLocaleString('en-US')} bytes; the limit is ${limit.toLocaleString('en-US')}.`,
    'Check that it is the intended file; if so, split or reduce it.',
  )
}
