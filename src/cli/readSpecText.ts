/** Reads the text of a spec from a regular file, from standard input, or from a pipe that the shell makes: `check <(generate)`. */
import { closeSync, fstatSync, readSync } from 'node:fs'
import { isatty } from 'node:tty'
import { KnownError } from '../system/knownError.ts'
import { fileSizeLimits, irregularFile, openWithoutWaiting, oversizedFile } from '../system/regularFile.ts'

export const standardInput = '-'

/**
 * It waits for a pipe as long as something holds it open, and says so after a second; for one that nothing writes to, it waits a second.
 *
 * @throws KnownError where it is a folder, a device or a socket, or too large; an error of Node.js where it cannot be read.
 */
export function readSpecBytes(path: string): Uint8Array {
  if (path === standardInput && isatty(0)) {
    process.stderr.write('reading the spec from the terminal; end it with Ctrl-D on its own line\n')
  }
  const file = path === standardInput ? openStandardInput() : openWithoutWaiting(path)
  try {
    const found = fstatSync(file)
    const isReadable = found.isFile() || found.isFIFO() || path === standardInput
    if (!isReadable || found.isDirectory()) throw irregularFile(path, found)
    return readToEnd(file, path, found.isFIFO() && path !== standardInput)
  } finally {
    if (file !== 0) closeSync(file)
  }
}

/** Opened anew where it is a pipe, so that reading it can be told from waiting for it. */
function openStandardInput(): number {
  try {
    return fstatSync(0).isFIFO() ? openWithoutWaiting('/dev/stdin') : 0
  } catch {
    return 0
  }
}

const millisecondsBetweenTries = 20
const patience = 1000

/** @param needsWriter Whether that it has nothing yet may mean that its writer has not begun. */
function readToEnd(file: number, path: string, needsWriter: boolean): Uint8Array {
  const parts: Uint8Array[] = []
  let total = 0
  for (let waited = 0; ;) {
    const part = new Uint8Array(65536)
    const count = readAvailable(file, part)
    if (count === 0 && !(needsWriter && total === 0 && waited < patience)) break
    if (count !== undefined && count > 0) {
      parts.push(part.subarray(0, count))
      total += count
      if (total > fileSizeLimits.spec) throw oversizedFile(path, total, fileSizeLimits.spec)
      continue
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millisecondsBetweenTries)
    waited += millisecondsBetweenTries
    if (waited === patience && count === undefined) {
      const what = path === standardInput ? 'standard input' : path
      process.stderr.write(`waiting for the end of ${what}, which is a pipe; Ctrl-C stops\n`)
    }
  }
  if (needsWriter && total === 0) {
    throw new KnownError('usage', `${path} is a pipe without a writer`, 'start its writer first, or pass a file')
  }
  return Buffer.concat(parts)
}

/** How many bytes were read: 0 at the end, undefined where there are none yet. */
function readAvailable(file: number, part: Uint8Array): number | undefined {
  try {
    return readSync(file, part, 0, part.length, null)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EAGAIN') return undefined
    // What Windows says at the end of a pipe.
    if (code === 'EOF') return 0
    throw error
  }
}
