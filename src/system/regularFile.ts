/** Reads files that a user named: only regular files, and only up to a size limit. */
import { close, closeSync, constants, fstatSync, openSync, read, readSync, type Stats, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { KnownError } from './knownError.ts'

/** The largest size of each kind of file, in bytes. */
export const fileSizeLimits = {
  spec: 10e6,
  /** Other texts: the files of a run, and class names. */
  text: 500e6,
  image: 1e9,
  /** Tables, arrays and archives that are read as a whole: the largest buffer of Node.js 20. */
  data: 2 ** 32,
} as const

/** A file that is open for reading. The caller must close it. */
export interface OpenedFile {
  readonly file: number
  readonly size: number
}

/**
 * Opens a file that a user named, without blocking. Refuses a pipe, device, socket or folder after opening it, so that the
 * file cannot be exchanged between the check and the opening.
 *
 * @throws KnownError if it is not a regular file, or larger than `limit`. An error of Node.js if it cannot be opened.
 */
export function openRegularFile(path: string, limit: number = Number.MAX_SAFE_INTEGER): OpenedFile {
  const file = openWithoutWaiting(path)
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw irregularFile(path, found)
    if (found.size > limit) throw oversizedFile(path, limit)
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
 * Reads a file in the thread pool of Node.js. The callback functions of `node:fs` take a third of the time of its promises,
 * which matters for thousands of small images.
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

/** The system does not accept longer reads. */
const longestRead = 2 ** 30

/** Reads a file with the size 0, which may be a file of the kernel such as those in /proc. */
function readUnsized(file: number, path: string, limit: number): Buffer {
  const parts: Buffer[] = []
  let total = 0
  for (let count = 1; count > 0; total += count) {
    const part = Buffer.allocUnsafe(65536)
    count = readSync(file, part, 0, part.length, null)
    parts.push(part.subarray(0, count))
    if (total > limit) throw oversizedFile(path, limit)
  }
  return Buffer.concat(parts)
}

/** Opens a file without blocking. Otherwise opening a pipe waits for its other end, and opening a device may wait for input. */
export function openWithoutWaiting(path: string): number {
  try {
    // Windows has neither flag.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0))
  } catch (error) {
    // Opening a socket, or a device that is not connected, fails.
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

export function oversizedFile(path: string, limit: number): KnownError {
  return new KnownError(
    'data/unreadable',
    `${path === '-' ? 'standard input' : path} has more than ${limit.toLocaleString('en-US')} bytes, the limit`,
    'Check that it is the intended file; if so, split or reduce it.',
  )
}
