import type { Values } from '../../script/samples.ts'

/**
 * Samples that are read as they are needed, because memory would not hold all of them: while the engine computes, those
 * that come next in the order are made ready, as many as its memory holds.
 */
export interface SampleStream {
  /**
   * Makes ready the samples whose numbers stand in `order` from `start` up to, not including, `end`, and goes on with
   * those that follow. A caller asks for one stretch of one order after the other.
   *
   * @returns A promise only where they are not ready yet.
   * @throws KnownError where a sample cannot be read; so does the promise.
   */
  prepare(order: Int32Array, start: number, end: number): undefined | Promise<void>

  /** The numbers of a sample that was made ready, which stay as they are until the next `prepare`. */
  sample(number: number): Uint8Array | Float32Array

  /** A stream of some of the samples, in this order, with their share of the memory. */
  select(numbers: Int32Array): SampleStream

  /** The numbers of all samples, if these are in memory in another form. */
  everySample?(): Float32Array

  /** Forgets what is ready, and reads no further ahead. The next `prepare` begins anew. */
  release(): void
}

/** Whether the samples are read as they are needed, and not in memory all the time. */
export function isStreamed(inputs: Values | SampleStream): inputs is SampleStream {
  return !ArrayBuffer.isView(inputs)
}
