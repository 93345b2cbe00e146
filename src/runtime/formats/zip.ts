import { closeSync, createReadStream, fstatSync, readSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { DataError } from '../../system/dataError.ts'
import { openRegularFile } from '../../system/regularFile.ts'

/** A file within a zip archive. */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly crc32: number
  readonly packedLength: number
  readonly length: number
  /** Where its local header begins. */
  readonly offset: number
}

/** An open zip archive. Whoever opens one closes it. */
export interface ZipArchive {
  readonly members: readonly ZipMember[]

  /** The content of a member, or what it begins with. */
  read(member: ZipMember, length?: number): Uint8Array
  /** The content of a member, piece by piece. */
  readPieces(member: ZipMember, take: (piece: Uint8Array) => void): Promise<void>
  close(): void
}

/**
 * Opens a zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) as NumPy writes it: members are
 * stored or deflated, one after the other, with a directory at the end. Read are the directory and the members that are
 * asked for.
 *
 * @throws DataError where it is no such archive; so does `read`, where a member is damaged.
 */
export function openZip(path: string): ZipArchive {
  const { file } = openRegularFile(path)
  try {
    const members = readZipDirectory(file, path)
    return {
      members,
      read: (member, length) => readZipMember(file, path, member, length),
      readPieces: (member, take) => readZipPieces(file, path, member, take),
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

function readZipDirectory(file: number, path: string): ZipMember[] {
  const { size } = fstatSync(file)
  // The record at the end may be followed by a comment of 65,535 bytes.
  const tailLength = Math.min(size, 22 + 0xffff)
  const tail = readAt(file, size - tailLength, tailLength, path)
  const end = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'))
  if (end < 0 || end + 22 > tail.length) throw damagedZip(path, 'it has no directory at its end')
  const count = tail.readUInt16LE(end + 10)
  const length = tail.readUInt32LE(end + 12)
  const offset = tail.readUInt32LE(end + 16)
  if (count === 0xffff || offset === 0xffffffff || length === 0xffffffff) {
    throw new DataError(`${path} is larger than 4 GB.`, 'Save its arrays one by one with `numpy.save`.')
  }
  const directory = readAt(file, offset, length, path)
  const members: ZipMember[] = []
  for (let at = 0; at < length;) {
    if (at + 46 > length || directory.readUInt32LE(at) !== 0x02014b50)
      throw damagedZip(path, 'its directory cannot be read')
    const nameLength = directory.readUInt16LE(at + 28)
    members.push({
      method: directory.readUInt16LE(at + 10),
      crc32: directory.readUInt32LE(at + 16),
      packedLength: directory.readUInt32LE(at + 20),
      length: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
    })
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return members
}

function readZipMember(file: number, path: string, member: ZipMember, atMost = member.length): Buffer {
  const isWhole = atMost >= member.length
  const start = startOfMember(file, path, member)
  if (member.method === 0) {
    const content = readAt(file, start, Math.min(atMost, member.length), path)
    if (isWhole) checkZipContent(content, path, member)
    return content
  }
  if (member.method !== 8) throw damagedZip(path, `${member.name} is packed by method ${member.method}, not deflated`)
  // A beginning is unpacked from a beginning: 4 kB more are enough for what is packed badly.
  const packedLength = isWhole ? member.packedLength : Math.min(member.packedLength, atMost + 4096)
  const packed = readAt(file, start, packedLength, path)
  const content = unpackDeflated(packed, path, member, isWhole)
  if (isWhole) checkZipContent(content, path, member)
  return content.subarray(0, atMost)
}

/** Where the content of a member begins. */
function startOfMember(file: number, path: string, member: ZipMember): number {
  const header = readAt(file, member.offset, 30, path)
  if (header.readUInt32LE(0) !== 0x04034b50) throw damagedZip(path, `${member.name} is not where its directory says`)
  return member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28)
}

async function readZipPieces(
  file: number,
  path: string,
  member: ZipMember,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  const { createInflateRaw, crc32 } = process.getBuiltinModule('node:zlib')
  const { method, name, packedLength, length } = member
  if (method !== 0 && method !== 8) throw damagedZip(path, `${name} is packed by method ${method}, not deflated`)
  const start = startOfMember(file, path, member)
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
    const packed = createReadStream(path, { fd: file, autoClose: false, start, end, highWaterMark: 1 << 20 })
    try {
      await (method === 0
        ? consume(packed)
        : pipeline(packed, createInflateRaw({ chunkSize: 1 << 18 }), (pieces) => consume(pieces)))
    } catch (error) {
      if (error instanceof DataError) throw error
      throw damagedZip(path, `${name} cannot be unpacked: ${error instanceof Error ? error.message : error}`)
    }
  }
  if (count !== length) throw damagedZip(path, `${name} has not the ${length} bytes that its directory says`)
  if (checksum !== member.crc32) throw damagedZip(path, `the checksum of ${name} is wrong`)
}

function unpackDeflated(packed: Buffer, path: string, member: ZipMember, isWhole: boolean): Buffer {
  const { inflateRawSync, constants } = process.getBuiltinModule('node:zlib')
  try {
    return inflateRawSync(
      packed,
      isWhole ? { maxOutputLength: Math.max(1, member.length) } : { finishFlush: constants.Z_SYNC_FLUSH },
    )
  } catch (error) {
    throw damagedZip(path, `${member.name} cannot be unpacked: ${error instanceof Error ? error.message : error}`)
  }
}

function checkZipContent(content: Buffer, path: string, member: ZipMember): void {
  if (content.length !== member.length)
    throw damagedZip(path, `${member.name} has ${content.length} bytes in place of ${member.length}`)
  if (process.getBuiltinModule('node:zlib').crc32(content) !== member.crc32)
    throw damagedZip(path, `the checksum of ${member.name} is wrong`)
}

function readAt(file: number, position: number, length: number, path: string): Buffer {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(file, bytes, filled, length - filled, position + filled)
    if (count === 0) throw damagedZip(path, 'it is cut short')
    filled += count
  }
  return bytes
}

function damagedZip(path: string, what: string): DataError {
  return new DataError(`${path} is damaged: ${what}.`, 'Write it anew with `numpy.savez`, or copy it again.')
}
