import type { Values } from '../../script/samples.ts'

/**
 * Samples that are read on demand, because memory would not hold all of them. While the engine computes, the next
 * samples in the order are read ahead, as many as the stream's memory holds.
 */
export interface SampleStream {
  /**
   * Reads the samples with the indices `order[start]` up to, not including, `order[end]`, and continues with those that
   * follow. A caller requests consecutive ranges of one order.
   *
   * @returns A promise only if the samples are not ready yet.
   * @throws KnownError if a sample cannot be read; the promise rejects likewise.
   */
  prepare(order: Int32Array, start: number, end: number): undefined | Promise<void>

  /** Returns the values of a prepared sample, which stay valid until the next `prepare`. */
  sample(number: number): Uint8Array | Float32Array

  /** Creates a stream of some of the samples, in this order, with their share of the memory. */
  select(numbers: Int32Array): SampleStream

  /** Returns the values of all samples, if these are in memory in another form. */
  everySample?(): Float32Array

  /** Drops what was read ahead and stops reading. The next `prepare` starts again. */
  release(): void
}

/** Whether the samples are read on demand instead of being in memory. */
export function isStreamed(inputs: Values | SampleStream): inputs is SampleStream {
  return !ArrayBuffer.isView(inputs)
}
