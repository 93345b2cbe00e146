/** The names of files that are not whole yet. */
import { randomUUID } from 'node:crypto'

/** The name under which this process writes what is renamed to `path` once it is whole; no other process takes it. */
export function temporaryName(path: string): string {
  return `${path}${temporaryMark}${writerToken}`
}

/** Whether a name is that of a file or folder that is not whole yet. */
export function isTemporary(name: string): boolean {
  return name.includes(temporaryMark)
}

const temporaryMark = '.writing-'

/** A process number would not do: two machines that share a disk give the same ones. */
const writerToken = randomUUID().slice(0, 13)
