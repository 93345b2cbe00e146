/** Reads zip archives through a host: the directory, and members in whole or in part. */
import { type KnownError, unreadableData } from '../../system/knownError.ts'
import type { Host } from '../../system/host.ts'

/** A file within a zip archive. */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly crc32: number
  readonly packedLength: number
  readonly length: number
  /** The offset of its local header. */
  readonly offset: number
}

/**
 * Reads the directory of a zip archive (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) as NumPy writes
 * it: members stored or deflated, one after the other, with the directory at the end.
 *
 * @throws KnownError if the file is not such an archive.
 */
export function readZipDirectory(host: Host, path: string): ZipMember[] {
  const size = host.size(path) ?? 0
  // The record at the end may be followed by a comment of 65,535 bytes.
  const tailLength = Math.min(size, 22 + 0xffff)
  const tail = readAt(host, path, size - tailLength, tailLength)
  let end = tail.byteLength - 22
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end -= 1
  if (end < 0) throw damagedZip(path, 'its directory is missing')
  const count = tail.getUint16(end + 10, true)
  const length = tail.getUint32(end + 12, true)
  const offset = tail.getUint32(end + 16, true)
  if (count === 0xffff || offset === 0xffffffff || length === 0xffffffff) {
    throw unreadableData(`${path} is larger than 4 GB.`, 'Save its arrays separately with `numpy.save`.')
  }
  const directory = readAt(host, path, offset, length)
  const members: ZipMember[] = []
  for (let at = 0; at < length;) {
    if (at + 46 > length || directory.getUint32(at, true) !== 0x02014b50)
      throw damagedZip(path, 'its directory cannot be read')
    const nameLength = Math.min(directory.getUint16(at + 28, true), length - at - 46)
    members.push({
      method: directory.getUint16(at + 10, true),
      crc32: directory.getUint32(at + 16, true),
      packedLength: directory.getUint32(at + 20, true),
      length: directory.getUint32(at + 24, true),
      offset: directory.getUint32(at + 42, true),
      name: new TextDecoder().decode(new Uint8Array(directory.buffer, directory.byteOffset + at + 46, nameLength)),
    })
    at += 46 + nameLength + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true)
  }
  return members
}

/**
 * Reads the content of a member, or its first `atMost` bytes.
 *
 * @throws KnownError if it is damaged.
 */
export function readZipMember(host: Host, path: string, member: ZipMember, atMost = member.length): Uint8Array {
  const { name, method, packedLength, length, crc32 } = member
  if (method !== 0 && method !== 8)
    throw damagedZip(path, `${name} uses compression method ${method}, but only deflate is supported`)
  const isWhole = atMost >= length
  const start = startOfMember(host, path, member)
  // The start of the content needs only the start of the packed bytes; 4 kB more suffice if packing enlarged it.
  const read = method === 0 ? Math.min(atMost, length) : Math.min(packedLength, atMost + 4096)
  const content = unpackMember(host, path, member, { start, length: read }).subarray(0, isWhole ? undefined : atMost)
  if (content.length < Math.min(atMost, length) && method === 0) throw damagedZip(path, 'it is truncated')
  if (isWhole && content.length !== length)
    throw damagedZip(path, `${name} has ${content.length} bytes instead of ${length}`)
  if (isWhole && checksumOf(content) !== crc32) throw damagedZip(path, `the checksum of ${name} is wrong`)
  return content
}

function unpackMember(
  host: Host,
  path: string,
  { name, method }: ZipMember,
  part: { readonly start: number; readonly length: number },
): Uint8Array {
  if (method === 0 || part.length === 0) return host.read(path, part)
  try {
    return host.read(path, { ...part, packing: 'deflate-raw' })
  } catch (error) {
    throw damagedZip(path, `${name} cannot be unpacked: ${error instanceof Error ? error.message : error}`)
  }
}

/** The offset of a member's content in the archive. */
export function startOfMember(host: Host, path: string, { name, offset }: ZipMember): number {
  const header = readAt(host, path, offset, 30)
  if (header.getUint32(0, true) !== 0x04034b50) throw damagedZip(path, `${name} is not where its directory says`)
  return offset + 30 + header.getUint16(26, true) + header.getUint16(28, true)
}

function readAt(host: Host, path: string, start: number, length: number): DataView {
  const bytes = host.read(path, { start, length })
  if (bytes.length < length) throw damagedZip(path, 'it is truncated')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** CRC-32 of ISO 3309, computed bit by bit, since the labels checked here have at most a megabyte. */
function checksumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

export function damagedZip(path: string, what: string): KnownError {
  return unreadableData(`${path} is damaged: ${what}.`, 'Write it again with `numpy.savez`, or copy it again.')
}
