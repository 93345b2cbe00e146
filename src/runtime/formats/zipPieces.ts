/** Reads members of zip archives that are too large for memory, in Node.js. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { isKnownError } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { damagedZip, startOfMember, type ZipMember } from './zip.ts'

/**
 * Reads the content of a member of a zip archive, piece by piece.
 *
 * @throws KnownError if it is damaged.
 */
export async function readZipPieces(path: string, member: ZipMember, take: (piece: Uint8Array) => void): Promise<void> {
  const { method, name, packedLength, length } = member
  if (method !== 0 && method !== 8)
    throw damagedZip(path, `${name} uses compression method ${method}, but only deflate is supported`)
  const start = startOfMember(nodeHost, path, member)
  let checksum = 0
  let count = 0
  const consume = async (pieces: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of pieces) {
      checksum = crc32(piece, checksum)
      count += piece.length
      if (count > length) break
      take(piece)
    }
  }
  if (packedLength > 0) {
    const end = start + packedLength - 1
    const packed = createReadStream(path, { start, end, highWaterMark: 1 << 20 })
    try {
      await (method === 0
        ? consume(packed)
        : pipeline(packed, createInflateRaw({ chunkSize: 1 << 18 }), (pieces) => consume(pieces)))
    } catch (error) {
      if (isKnownError(error, 'data')) throw error
      throw damagedZip(path, `${name} cannot be unpacked: ${error instanceof Error ? error.message : error}`)
    }
  }
  if (count !== length) throw damagedZip(path, `the size of ${name} is not ${length} bytes, as its directory declares`)
  if (checksum !== member.crc32) throw damagedZip(path, `the checksum of ${name} is wrong`)
}
