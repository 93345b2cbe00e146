import { totalmem } from 'node:os'
import { unreadableData } from '../../system/knownError.ts'

/**
 * Refuses data before they are read, if this machine, or the container that the process is in, cannot hold them.
 *
 * @param bytes How much memory they will take.
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

/** Bytes of memory that this machine, or the container that the process is in, has. */
export function memoryOfMachine(): number {
  // Zero or more than there is where nothing is limited.
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
