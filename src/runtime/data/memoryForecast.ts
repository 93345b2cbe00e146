import { totalmem } from 'node:os'
import { unreadableData } from '../../system/knownError.ts'

/**
 * Refuses data before it is read if this machine, or the container of the process, cannot hold it.
 *
 * @param bytes The memory that the data will take.
 * @param what The data, as the subject of a sentence in the plural.
 * @throws KnownError with both figures.
 */
export function refuseTooLarge(bytes: number, what: string): void {
  const limit = memoryOfMachine()
  if (bytes <= limit) return
  const inGigabytes = (size: number): string => `${(size / 1e9).toFixed(1)} GB`
  throw unreadableData(
    `${what} need about ${inGigabytes(bytes)} of memory, but only ${inGigabytes(limit)} are available.`,
    'Use fewer samples or columns, smaller types, or a machine with more memory.',
  )
}

/** The memory in bytes of this machine, or of the container of the process. */
export function memoryOfMachine(): number {
  // Without a limit, Node reports zero, or more than the machine has.
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
