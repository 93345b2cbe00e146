import type { RecordedCall } from '../../patches/recordKernels.ts'

/** The calls that read each slot, in order. */
export type Readers<Call> = ReadonlyMap<number, readonly Call[]>

/** Maps each slot to the calls that read it. */
export function findReaders<Call extends Pick<RecordedCall, 'inputs'>>(calls: readonly Call[]): Readers<Call> {
  const readers = new Map<number, Call[]>()
  for (const call of calls) {
    for (const slot of new Set(call.inputs.map(([, operand]) => operand.slot))) {
      const known = readers.get(slot)
      if (known) known.push(call)
      else readers.set(slot, [call])
    }
  }
  return readers
}
