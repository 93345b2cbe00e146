import { DataError } from '../datasets/dataError.ts'

/** What the header of an NPY file says. */
export interface NpyHeader {
  /** Sizes, outermost first; none of a single number. */
  readonly shape: readonly number[]
  /** NumPy's word for the type of the elements: `|u1`, `<f4`. */
  readonly dtype: string
  /** Where the elements begin. */
  readonly offset: number
}

/** The content of an NPY file: bytes stay bytes, all other types become float32, or int32 where they are whole numbers. */
export interface NpyArray {
  readonly shape: readonly number[]
  readonly data: Uint8Array | Int32Array | Float32Array
}

/**
 * Reads the header of NumPy's format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): the bytes
 * `\x93NUMPY`, the version, the length of the rest of the header, and that rest, which is a dictionary in Python.
 *
 * @param bytes The file, or what it begins with.
 * @param file Its name, for messages.
 * @throws DataError where the bytes are anything else, or the array is stored column by column.
 */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const isNpy = bytes.length >= 12 && bytes[0] === 0x93 && new TextDecoder().decode(bytes.subarray(1, 6)) === 'NUMPY'
  if (!isNpy) throw new DataError(`${file} is no NPY file: it does not begin with \\x93NUMPY.`, npyHelp)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = bytes[6]! >= 2 ? 12 : 10
  const offset = start + (start === 12 ? view.getUint32(8, true) : view.getUint16(8, true))
  const text = new TextDecoder().decode(bytes.subarray(start, offset))
  const [, dtype] = /'descr':\s*'([^']*)'/.exec(text) ?? []
  const [, order] = /'fortran_order':\s*(True|False)/.exec(text) ?? []
  const [, sizes] = /'shape':\s*\(([\d,\s]*)\)/.exec(text) ?? []
  if (dtype === undefined || order === undefined || sizes === undefined || offset > bytes.length) {
    throw new DataError(`${file} is damaged: its header cannot be read.`, npyHelp)
  }
  const shape = sizes.split(',').flatMap((word) => (word.trim() === '' ? [] : [Number(word)]))
  if (order === 'True' && shape.length > 1) {
    throw new DataError(`${file} is stored column by column.`, 'Save `numpy.ascontiguousarray(array)` instead.')
  }
  return { shape, dtype, offset }
}

/** @throws DataError where the file is cut short, or its elements are no numbers. */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  const { shape, dtype, offset } = readNpyHeader(bytes, file)
  const [, endian = '', kind = '', width = ''] = /^([<>|=])([bBuif])(\d)$/.exec(dtype) ?? []
  const isFloat = kind === 'f'
  const read = npyReaders[`${kind === 'b' ? 'u' : kind}${width}`]
  if (read === undefined) {
    throw new DataError(
      `${file} has elements of the type ${dtype}.`,
      'Known are booleans, whole numbers and floats of 32 or 64 bits: save `array.astype("float32")`.',
    )
  }
  const count = shape.reduce((product, length) => product * length, 1)
  const step = Number(width)
  if (bytes.length !== offset + count * step) {
    throw new DataError(
      `${file} is damaged: its header announces ${shape.join(' x ')} elements of ${step} bytes, but ${bytes.length - offset} bytes follow.`,
      npyHelp,
    )
  }
  if (step === 1 && kind !== 'i') return { shape, data: bytes.subarray(offset) }
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, count * step)
  const data = isFloat ? new Float32Array(count) : new Int32Array(count)
  const isLittle = endian !== '>'
  for (let index = 0; index < count; index++) data[index] = read(view, index * step, isLittle)
  return { shape, data }
}

/** By kind and width. Whole numbers beyond 32 bits are no classes, and as inputs lose what float32 does not hold. */
const npyReaders: Readonly<Record<string, (view: DataView, at: number, isLittle: boolean) => number>> = {
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, isLittle) => view.getUint16(at, isLittle),
  i2: (view, at, isLittle) => view.getInt16(at, isLittle),
  u4: (view, at, isLittle) => view.getUint32(at, isLittle),
  i4: (view, at, isLittle) => view.getInt32(at, isLittle),
  u8: (view, at, isLittle) => Number(view.getBigUint64(at, isLittle)),
  i8: (view, at, isLittle) => Number(view.getBigInt64(at, isLittle)),
  f4: (view, at, isLittle) => view.getFloat32(at, isLittle),
  f8: (view, at, isLittle) => view.getFloat64(at, isLittle),
}

const npyHelp = 'Write it anew with `numpy.save`, or `numpy.savez` for several arrays.'
