/** Holds samples out for validation or testing. */
import { sequentialIndices } from './random.ts'
import type { Data, Samples } from './samples.ts'
import { stratifiedOrder } from './stratified.ts'

/** Holds out the last fraction of the training samples for validation. */
export function holdOut(data: Data, fraction: number): Data {
  const rows = sequentialIndices(data.train.count)
  const first = Math.floor(rows.length * (1 - fraction))
  if (data.validation || first === rows.length) return data
  const [kept, heldOut] = [rows.subarray(0, first), rows.subarray(first)]
  return { ...data, train: pickSamples(data.train, kept), validation: pickSamples(data.train, heldOut) }
}

/** Holds out a random fraction of each class for validation. */
export function holdOutStratified(data: Data, fraction: number): Data {
  const { first, rest } = stratifiedOrder(data.train, fraction, 0)
  if (data.validation || rest.length === 0) return data
  return { ...data, train: pickSamples(data.train, first), validation: pickSamples(data.train, rest) }
}

/** Holds out a random fraction of each class for testing, if there are no test samples. */
export function splitForTesting(data: Data, fraction: number): Data {
  const { first, rest } = stratifiedOrder(data.train, fraction, 0)
  if (data.test || rest.length === 0) return data
  return { ...data, train: pickSamples(data.train, first), test: pickSamples(data.train, rest) }
}

/** Selects samples by row, in this order. */
export function pickSamples(samples: Samples, rows: Int32Array): Samples {
  return {
    ...samples,
    inputs: pickRows(samples.inputs, samples.inputs.length / samples.count, rows),
    labels: pickRows(samples.labels, 1, rows),
    count: rows.length,
  }
}

/** Copies rows of `size` values each; `slice` of a Buffer would share its memory. */
export function pickRows<Rows extends Uint8Array | Int32Array | Float32Array>(
  values: Rows,
  size: number,
  rows: Int32Array,
): Rows {
  const length = rows.length * size
  const picked =
    values instanceof Float32Array
      ? new Float32Array(length)
      : values instanceof Int32Array
        ? new Int32Array(length)
        : new Uint8Array(length)
  for (const [place, row] of rows.entries()) picked.set(values.subarray(row * size, (row + 1) * size), place * size)
  return picked as Rows
}
