/** An NPY file as `numpy.save` writes it. */
export function writeNpy(dtype: string, shape: readonly number[], data: Uint8Array, order = 'False'): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${dtype}', 'fortran_order': ${order}, 'shape': (${sizes}), }`
  const padding = ' '.repeat(63 - ((10 + text.length) % 64))
  const header = Buffer.from(`\u0093NUMPY\u0001\u0000..${text}${padding}\n`, 'latin1')
  header.writeUInt16LE(header.length - 10, 8)
  return Buffer.concat([header, data])
}

export const bytesOf = (data: NodeJS.TypedArray): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
