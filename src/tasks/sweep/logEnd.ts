/** Reads the end of the log of a trial. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** @returns At most the last `bytes` bytes; empty if there is no log yet. */
export function readLogEnd(path: string, bytes: number): string {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return ''
  }
  try {
    const { size } = fstatSync(file)
    const length = Math.min(size, bytes)
    const buffer = Buffer.alloc(length)
    const filled = readSync(file, buffer, 0, length, size - length)
    return buffer.toString('utf8', 0, filled)
  } finally {
    closeSync(file)
  }
}

/** The last lines of a log that are not empty. */
export function lastLines(path: string, count: number): string[] {
  const lines = readLogEnd(path, 8192)
    .split('\n')
    .map((line) => line.trimEnd())
  return lines.filter((line) => line !== '').slice(-count)
}
