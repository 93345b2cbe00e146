/** The temporary names of files that are still being written. */
import { randomUUID } from 'node:crypto'

/**
 * The name under which this process writes a file that is renamed to `path` when complete; no other process uses it.
 */
export function temporaryName(path: string): string {
  return `${path}${temporaryMark}${writerToken}`
}

/** Whether a name is that of an unfinished file or folder. */
export function isTemporary(name: string): boolean {
  return name.includes(temporaryMark)
}

const temporaryMark = '.writing-'

/** A process number would not be unique: two machines that share a disk use the same ones. */
const writerToken = randomUUID().slice(0, 13)
