/** Parses the IDX format of MNIST. */
import { unreadableData } from '../../system/knownError.ts'

/** The array in an IDX file. */
export interface IdxArray {
  /** Sizes, outermost first. */
  readonly shape: readonly number[]
  /** The elements in row-major order; shares memory with the file's bytes. */
  readonly data: Uint8Array
}

/**
 * Reads an array of unsigned bytes from the IDX format of MNIST (http://yann.lecun.com/exdb/mnist): two zero bytes, a
 * byte for the type (8: unsigned byte), a byte for the number of dimensions, each dimension's size as a big-endian
 * uint32, then the elements.
 *
 * @param bytes The whole file.
 * @param file Its name, for messages.
 * @param help How to get an intact file, for messages.
 * @throws KnownError if the bytes are anything else.
 */
export function readIdx(bytes: Uint8Array, file: string, help: string): IdxArray {
  const shape = readIdxShape(bytes, file, help)
  const headerLength = 4 + 4 * shape.length
  const size = shape.reduce((product, length) => product * length, 1)
  if (bytes.length !== headerLength + size) {
    throw unreadableData(
      `${file} is damaged: its header declares ${shape.join(' x ')} = ${size} elements, but ${bytes.length - headerLength} follow.`,
      help,
    )
  }
  return { shape, data: bytes.subarray(headerLength) }
}

/** Like `readIdx`, but reads only the sizes, for which the start of a file suffices. */
export function readIdxShape(bytes: Uint8Array, file: string, help: string): number[] {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw unreadableData(`${file} is not an IDX file: it does not start with two zero bytes.`, help)
  }
  if (bytes[2] !== 8) {
    throw unreadableData(
      `${file} contains IDX elements of type ${bytes[2]}; only unsigned bytes (8) are supported.`,
      help,
    )
  }
  const rank = bytes[3]!
  if (rank === 0 || bytes.length < 4 + 4 * rank) {
    throw unreadableData(`${file} is damaged: its header is incomplete.`, help)
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, 4 + 4 * rank)
  return Array.from({ length: rank }, (_, axis) => header.getUint32(4 + 4 * axis))
}
