/** Writes arrays as NumPy's .npz: a zip archive of .npy files (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
import { encodeZip } from './zipArchive.ts'

export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | Int32Array
}

/**
 * Encodes an archive, in pieces. The bytes depend on the arguments only.
 *
 * @param comment The comment of the archive, at its end.
 */
export function encodeNpz(arrays: readonly NamedArray[], comment: string): Promise<Buffer[]> {
  return encodeZip(
    arrays.map((array) => [`${array.name}.npy`, encodeNpy(array)]),
    comment,
  )
}

/** Encodes an array as .npy, version 1.0: a header in Python syntax, padded so the numbers start at a multiple of 64. */
export function encodeNpy({ shape, values }: Omit<NamedArray, 'name'>): Buffer {
  const kind = values instanceof Float32Array ? '<f4' : '<i4'
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const header = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${sizes}), }`
  const padded = header.padEnd(Math.ceil((10 + header.length + 1) / 64) * 64 - 11)
  const start = Buffer.alloc(10)
  start.write('\x93NUMPY\x01\x00', 'latin1')
  start.writeUInt16LE(padded.length + 1, 8)
  const numbers = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) {
    if (values instanceof Float32Array) numbers.writeFloatLE(value, index * 4)
    else numbers.writeInt32LE(value, index * 4)
  }
  return Buffer.concat([start, Buffer.from(`${padded}\n`, 'latin1'), numbers])
}
