/** Reads and writes tensors in the format safetensors, with a checksum. */
import { createHash } from 'node:crypto'
import { parseRecord } from '../../system/parseRecord.ts'

/** A named array of numbers in a file. */
export interface SavedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array | Int32Array | Uint8Array
}

export interface TensorFile {
  readonly tensors: readonly SavedTensor[]
  /** Text by key. */
  readonly metadata: Readonly<Record<string, string>>
}

/** Thrown if a file is not as it was written. */
export class DamagedFileError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DamagedFileError'
  }
}

/** The header entry of a tensor. */
interface TensorEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  /** Start and end in bytes, counted from the end of the header. */
  readonly data_offsets: readonly [number, number]
}

type TensorHeader = Readonly<Record<string, TensorEntry>> & { readonly __metadata__: TensorFile['metadata'] }

const headerFields = {
  __metadata__: { '*': 'string' },
  '*': { dtype: 'string', shape: ['number'], data_offsets: ['number'] },
} as const

const digestName = 'sha256'
const digestBytes = 32

/**
 * Encodes a file in the safetensors format (https://github.com/huggingface/safetensors): the length of the header, the
 * header in JSON, then the numbers of one tensor after the other, little-endian, so that Python and others can read it.
 * The last tensor, `sha256`, is the digest of all bytes before it.
 *
 * @returns Consecutive pieces, some of them views of the tensors' own memory.
 */
export function encodeTensorFile({ tensors, metadata }: TensorFile): Uint8Array[] {
  const digest = { name: digestName, shape: [digestBytes], values: new Uint8Array(digestBytes) }
  // The widest numbers come first, so that each tensor begins at a multiple of its element size.
  const ordered = [...tensors.toSorted((a, b) => widthOf(b) - widthOf(a)), digest]
  const header: Record<string, TensorEntry | TensorFile['metadata']> = { __metadata__: metadata }
  let offset = 0
  for (const { name, shape, values } of ordered) {
    header[name] = { dtype: typeNameOf(values), shape, data_offsets: [offset, offset + values.byteLength] }
    offset += values.byteLength
  }
  const text = JSON.stringify(header)
  const headerLength = Math.ceil(Buffer.byteLength(text) / 8) * 8
  const start = Buffer.alloc(8 + headerLength, ' ')
  new DataView(start.buffer, start.byteOffset).setBigUint64(0, BigInt(headerLength), true)
  start.write(text, 8)
  const pieces = [start, ...ordered.slice(0, -1).map(({ values }) => bytesOf(values))]
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return [...pieces, hash.digest()]
}

/** Whether a file contains the digest that `encodeTensorFile` writes; those of other programs have none. */
export function isChecksummed(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false
  const length = Number(Buffer.from(bytes.buffer, bytes.byteOffset, 8).readBigUInt64LE())
  if (8 + length > bytes.length) return false
  const header = Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString()
  return header.includes(`"${digestName}":{"dtype":"U8","shape":[${digestBytes}]`)
}

/** @throws DamagedFileError if the bytes are not complete and unchanged. */
export function decodeTensorFile(bytes: Uint8Array): TensorFile {
  const body = bytes.subarray(0, Math.max(0, bytes.length - digestBytes))
  const digest = createHash('sha256').update(body).digest()
  if (bytes.length < 8 + digestBytes || !digest.equals(bytes.subarray(body.length))) {
    throw new DamagedFileError('its checksum does not match its content')
  }
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  const text = Buffer.from(bytes.subarray(8, 8 + headerLength)).toString()
  const header = parseRecord<TensorHeader>(text, headerFields)
  if (header === undefined) throw new DamagedFileError('its header cannot be read')
  const { __metadata__: metadata, [digestName]: _digest, ...entries } = header
  const tensors = Object.entries(entries as Readonly<Record<string, TensorEntry>>).map(([name, entry]) => {
    const { dtype, shape, data_offsets: offsets } = entry
    const [from, to] = offsets.map((offset) => 8 + headerLength + offset)
    // A copy, since in memory, too, a tensor must begin at a multiple of its element size.
    return { name, shape, values: numbersOfType(dtype, new Uint8Array(bytes.subarray(from, to)).buffer) }
  })
  return { metadata, tensors }
}

function typeNameOf(values: SavedTensor['values']): string {
  if (values instanceof Float32Array) return 'F32'
  if (values instanceof Float64Array) return 'F64'
  return values instanceof Int32Array ? 'I32' : 'U8'
}

function numbersOfType(dtype: string, buffer: ArrayBuffer): SavedTensor['values'] {
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer)
    case 'F64':
      return new Float64Array(buffer)
    case 'I32':
      return new Int32Array(buffer)
    case 'U8':
      return new Uint8Array(buffer)
    default:
      throw new DamagedFileError(`it contains numbers of the type ${dtype}`)
  }
}

function widthOf({ values }: SavedTensor): number {
  return values.BYTES_PER_ELEMENT
}

function bytesOf({ buffer, byteOffset, byteLength }: SavedTensor['values']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
