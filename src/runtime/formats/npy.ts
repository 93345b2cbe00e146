/** Parses NPY files of NumPy. */
import { unreadableData } from '../../system/knownError.ts'
import { npyElements } from '../../script/npyElements.ts'

/** The header of an NPY file. */
export interface NpyHeader {
  /** Sizes, outermost first; empty for a single number. */
  readonly shape: readonly number[]
  /** NumPy's name of the element type: `|u1`, `<f4`. */
  readonly dtype: string
  /** The byte offset of the elements. */
  readonly offset: number
}

/** The array in an NPY file: bytes stay bytes, all other types become the requested floats. */
export interface NpyArray<Floats extends NpyFloats = NpyFloats> {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly data: Uint8Array | Floats
  /** The text of numbers that these floats cannot represent, by their index; only the first of them. */
  readonly written: ReadonlyMap<number, string>
}

/** The types that elements other than bytes can become. */
export type NpyFloats = Float32Array | Float64Array

export type NpyTarget<Floats extends NpyFloats> = new (length: number) => Floats

/**
 * Reads the header of NumPy's format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): the
 * bytes `\x93NUMPY`, the version, the length of the rest of the header, and that rest, which is a dictionary in Python.
 *
 * @param bytes The file, or its start.
 * @param file Its name, for messages.
 * @throws KnownError if the bytes are anything else, the array is stored column by column, or its elements are not numbers.
 */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const end = npyHeaderEnd(bytes)
  if (end === undefined) throw unreadableData(`${file} is not an NPY file: it does not start with \\x93NUMPY.`, npyHelp)
  const text = new TextDecoder().decode(bytes.subarray(bytes[6]! >= 2 ? 12 : 10, end))
  const [, dtype] = /'descr':\s*'([^']*)'/.exec(text) ?? []
  const [, order] = /'fortran_order':\s*(True|False)/.exec(text) ?? []
  const [, sizes] = /'shape':\s*\(([\d,\s]*)\)/.exec(text) ?? []
  if (dtype === undefined || order === undefined || sizes === undefined || end > bytes.length) {
    throw unreadableData(`${file} is damaged: its header cannot be read.`, npyHelp)
  }
  const shape = sizes.split(',').flatMap((word) => (word.trim() === '' ? [] : [Number(word)]))
  if (order === 'True' && shape.length > 1) {
    throw unreadableData(`${file} is stored in column-major order.`, 'Save `numpy.ascontiguousarray(array)` instead.')
  }
  elementsOf(dtype, file)
  return { shape, dtype, offset: end }
}

/** @throws KnownError if elements of the type are not numbers, or numbers that cannot be read. */
function elementsOf(dtype: string, file: string) {
  const [, endian = '', kind = '', width = ''] = /^([<>|=])([bBuif])(\d)$/.exec(dtype) ?? []
  const read = npyElements[`${kind.replace(/b/i, 'u')}${width}`]
  if (read !== undefined) return { endian, kind, width: Number(width), read }
  throw unreadableData(
    `${file} has elements of the type ${dtype}.`,
    'Booleans, whole numbers and floats of 32 or 64 bits are supported: save `array.astype("float32")`.',
  )
}

/** The number of bytes at the start of a file that contain its header. */
export const npyHeadBytes = 1024

/** The offset after the header; undefined if the file is not an NPY file. */
function npyHeaderEnd(bytes: Uint8Array): number | undefined {
  const isNpy = bytes.length >= 12 && bytes[0] === 0x93 && new TextDecoder().decode(bytes.subarray(1, 6)) === 'NUMPY'
  if (!isNpy) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return bytes[6]! >= 2 ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true)
}

/** The shape of a sample of an array; two axes of bytes are the pixels of an image with one channel. */
function naturalShape({ shape: [, ...sizes], dtype }: Pick<NpyHeader, 'shape' | 'dtype'>): readonly number[] {
  if (sizes.length === 0) return [1]
  return areBytes({ dtype }) && sizes.length === 2 ? [...sizes, 1] : sizes
}

/**
 * The shape of a sample of an array: the stated one, or its own.
 *
 * @param name The name of the array in messages.
 * @throws KnownError if a sample cannot be reshaped to the stated shape.
 */
export function sampleShapeOf(
  array: Pick<NpyHeader, 'shape' | 'dtype'>,
  stated: readonly number[] | undefined,
  name: string,
): readonly number[] {
  const sizes = array.shape.slice(1)
  const shape = stated ?? naturalShape(array)
  const countOf = (lengths: readonly number[]): number => lengths.reduce((product, length) => product * length, 1)
  if (countOf(shape) === countOf(sizes)) return shape
  throw unreadableData(
    `The samples of ${name} are ${sizes.join(' x ')} and cannot be reshaped to ${shape.join(' x ')}.`,
    'Remove `shape`, or set one with the same number of values.',
  )
}

/** Whether the elements stay bytes, which are scaled when they are used. */
export function areBytes({ dtype }: Pick<NpyHeader, 'dtype'>): boolean {
  return /[bBu]1$/.test(dtype)
}

/** @throws KnownError if the file is truncated, or its elements are not numbers. */
export function readNpy(bytes: Uint8Array, file: string): NpyArray<Float32Array> {
  const elements = new NpyElements(readNpyHeader(bytes, file), bytes.length, file, Float32Array)
  elements.push(bytes)
  return elements.end()
}

/**
 * Reads the first rows of an array, as float64.
 *
 * @param bytes The start of the file: its header and these rows.
 */
export function readNpyRows(bytes: Uint8Array, rows: number, file: string): NpyArray<Float64Array> {
  const { shape, dtype, offset } = readNpyHeader(bytes, file)
  const elements = new NpyElements(
    { shape: [rows, ...shape.slice(1)], dtype, offset },
    bytes.length,
    file,
    Float64Array,
  )
  elements.push(bytes)
  return elements.end()
}

/** Reads the elements of an NPY file, piece by piece, into an array of the final type. */
export class NpyElements<Floats extends NpyFloats> {
  readonly #header: NpyHeader
  readonly #data: Uint8Array | Floats
  readonly #written = new Map<number, string>()
  readonly #read: (typeof npyElements)[string]
  readonly #step: number
  readonly #isLittle: boolean
  readonly #isCopied: boolean
  /** The number of header bytes still to come. */
  #headLeft: number
  #filled = 0
  /** The start of an element that continues in the next piece. */
  #rest = new Uint8Array()

  /**
   * @param length The length of the file in bytes.
   * @param file Its name, for messages.
   * @param allow Called with the number of bytes before memory is allocated; throws if it is too much.
   * @throws KnownError if the elements are not numbers, or their count differs from the header.
   */
  constructor(
    header: NpyHeader,
    length: number,
    file: string,
    target: NpyTarget<Floats>,
    allow?: (bytes: number) => void,
  ) {
    const { shape, dtype, offset } = header
    const { endian, kind, width, read } = elementsOf(dtype, file)
    const count = shape.reduce((product, size) => product * size, 1)
    this.#step = width
    if (length !== offset + count * this.#step) {
      throw unreadableData(
        `${file} is damaged: its header declares ${shape.join(' x ')} elements of ${this.#step} bytes, but ${length - offset} bytes follow.`,
        npyHelp,
      )
    }
    const isBytes = areBytes({ dtype })
    allow?.(count * (isBytes ? 1 : 4))
    this.#header = header
    this.#headLeft = offset
    this.#read = read
    this.#isLittle = endian !== '>'
    this.#data = isBytes ? new Uint8Array(count) : new target(count)
    const isSame = kind === 'f' && this.#step === this.#data.BYTES_PER_ELEMENT
    this.#isCopied = isBytes || (isSame && this.#isLittle && isLittleEndian)
  }

  /** @param piece The next bytes of the file, starting with its header. */
  push(piece: Uint8Array): void {
    const bytes = piece.subarray(this.#headLeft)
    this.#headLeft = Math.max(0, this.#headLeft - piece.length)
    if (this.#isCopied) {
      const { buffer, byteOffset, byteLength } = this.#data
      new Uint8Array(buffer, byteOffset, byteLength).set(bytes, this.#filled)
      this.#filled += bytes.length
      return
    }
    const joined = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const whole = joined.length - (joined.length % this.#step)
    const view = new DataView(joined.buffer, joined.byteOffset, whole)
    for (let at = 0; at < whole; at += this.#step) this.#put(this.#read(view, at, this.#isLittle))
    this.#rest = joined.slice(whole)
  }

  #put(value: number | bigint): void {
    const number = Number(value)
    const place = this.#filled++
    this.#data[place] = number
    const isLost = typeof value === 'bigint' ? !Number.isSafeInteger(number) : this.#overflows(number)
    if (isLost && this.#written.size < mostWritten) this.#written.set(place, String(value))
  }

  #overflows(value: number): boolean {
    return this.#data instanceof Float32Array && Number.isFinite(value) && !Number.isFinite(Math.fround(value))
  }

  end(): NpyArray<Floats> {
    const { shape, dtype } = this.#header
    return { shape, dtype, data: this.#data, written: this.#written }
  }
}

/** The maximum number of texts in `written`. */
const mostWritten = 1000

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

const npyHelp = 'Write it again with `numpy.save`, or `numpy.savez` for several arrays.'
