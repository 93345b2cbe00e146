/** Reads the text of a spec from a regular file, standard input, or a pipe of the shell: `check <(generate)`. */
import { closeSync, fstatSync, readSync } from 'node:fs'
import { KnownError } from '../system/knownError.ts'
import { fileSizeLimits, irregularFile, openWithoutWaiting, oversizedFile } from '../system/regularFile.ts'

export const standardInput = '-'

/**
 * Reads a spec. Waits for a pipe while its writer keeps it open, with a message after one second; waits one second for a pipe
 * without a writer.
 *
 * @throws KnownError if the path is a folder, a device or a socket, or the text is too large. An error of Node.js if it cannot
 *   be read.
 */
export function readSpecBytes(path: string): Uint8Array {
  if (path === standardInput && process.getBuiltinModule('node:tty').isatty(0)) {
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

/** Opens standard input again without blocking if it is a pipe, so that "no data yet" differs from its end. */
function openStandardInput(): number {
  try {
    return fstatSync(0).isFIFO() ? openWithoutWaiting('/dev/stdin') : 0
  } catch {
    return 0
  }
}

const millisecondsBetweenTries = 20
const patience = 1000

/** @param needsWriter Whether an empty read may mean that no writer has opened the pipe yet. */
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
      if (total > fileSizeLimits.spec) throw oversizedFile(path, fileSizeLimits.spec)
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

/** Returns the number of bytes that were read: 0 at the end, undefined if no data are available yet. */
function readAvailable(file: number, part: Uint8Array): number | undefined {
  try {
    return readSync(file, part, 0, part.length, null)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EAGAIN') return undefined
    // Windows reports the end of a pipe as an error.
    if (code === 'EOF') return 0
    throw error
  }
}
