/** A regular file within a tar archive. */
export interface TarEntry {
  readonly name: string
  /** Its content; shares memory with the archive. */
  readonly data: Uint8Array
}

/**
 * The regular files of a tar archive in the ustar format (POSIX.1-1988,
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format"): 512-byte headers,
 * content padded to 512 bytes, two zero blocks at the end. Folders, links and pax headers are skipped.
 *
 * @throws Error where a header's checksum is wrong or the archive is cut short.
 */
export function readTar(archive: Uint8Array): readonly TarEntry[] {
  const entries: TarEntry[] = []
  for (let offset = 0; offset + 512 <= archive.length;) {
    const header = archive.subarray(offset, offset + 512)
    if (header.every((byte) => byte === 0)) return entries
    checkTarChecksum(header, offset)
    const size = readTarNumber(header, 124, 12)
    const start = offset + 512
    if (start + size > archive.length) throw new Error('the tar archive is cut short')
    const type = header[156]!
    if (type === 0 || type === 0x30) {
      const prefix = readTarText(header, 345, 155)
      const name = readTarText(header, 0, 100)
      entries.push({ name: prefix === '' ? name : `${prefix}/${name}`, data: archive.subarray(start, start + size) })
    }
    offset = start + Math.ceil(size / 512) * 512
  }
  throw new Error('the tar archive is cut short')
}

/** The sum of all header bytes, with the checksum's own field counted as spaces. */
function checkTarChecksum(header: Uint8Array, offset: number): void {
  let sum = 8 * 0x20
  for (let index = 0; index < 512; index++) {
    if (index < 148 || index >= 156) sum += header[index]!
  }
  if (sum !== readTarNumber(header, 148, 8)) throw new Error(`the tar header at byte ${offset} is damaged`)
}

function readTarNumber(header: Uint8Array, start: number, length: number): number {
  const digits = readTarText(header, start, length).trim()
  if (!/^[0-7]+$/.test(digits)) throw new Error(`a tar header holds "${digits}" where an octal number belongs`)
  return Number.parseInt(digits, 8)
}

function readTarText(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}
