/** Reads tar archives as streams. */

/** A regular file in a tar archive. */
export interface TarMember {
  readonly name: string
  /** Its content. */
  readonly data: Uint8Array
}

/**
 * Reads the regular files of a tar archive in the ustar format (POSIX.1-1988,
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "ustar Interchange Format"): 512-byte headers,
 * content padded to 512 bytes, two zero blocks at the end. Folders, links and pax headers are skipped. The archive is
 * read as a stream, with at most one member in memory at a time, and only the wanted ones.
 *
 * @param archive The bytes of the archive, in pieces of any size.
 * @param isWanted Whether to read the member of that name.
 * @throws Error if a header's checksum is wrong or the archive is truncated.
 */
export async function* readTarMembers(
  archive: AsyncIterable<Uint8Array>,
  isWanted: (name: string) => boolean,
): AsyncGenerator<TarMember> {
  const bytes = new ByteSource(archive)
  for (let offset = 0; ;) {
    const header = await bytes.read(512)
    if (header.every((byte) => byte === 0)) return
    checkTarChecksum(header, offset)
    const length = readTarNumber(header, 124, 12)
    const padded = Math.ceil(length / 512) * 512
    const type = header[156]!
    const prefix = readTarText(header, 345, 155)
    const name = prefix === '' ? readTarText(header, 0, 100) : `${prefix}/${readTarText(header, 0, 100)}`
    if ((type === 0 || type === 0x30) && isWanted(name)) {
      yield { name, data: (await bytes.read(padded)).subarray(0, length) }
    } else await bytes.skip(padded)
    offset += 512 + padded
  }
}

/** Reads exact numbers of bytes from a stream. */
class ByteSource {
  readonly #pieces: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#pieces = stream[Symbol.asyncIterator]()
  }

  async read(length: number): Promise<Uint8Array> {
    const target = new Uint8Array(length)
    let filled = 0
    await this.#take(length, (piece) => {
      target.set(piece, filled)
      filled += piece.length
    })
    return target
  }

  async skip(length: number): Promise<void> {
    await this.#take(length, () => {})
  }

  async #take(length: number, use: (piece: Uint8Array) => void): Promise<void> {
    for (let left = length; left > 0;) {
      if (this.#rest.length === 0) {
        const next = await this.#pieces.next()
        if (next.done === true) throw new Error('the tar archive is truncated')
        this.#rest = next.value
      }
      const piece = this.#rest.subarray(0, left)
      use(piece)
      this.#rest = this.#rest.subarray(piece.length)
      left -= piece.length
    }
  }
}

/** Checks the sum of all header bytes, in which the checksum's own field counts as spaces. */
function checkTarChecksum(header: Uint8Array, offset: number): void {
  let sum = 8 * 0x20
  for (let index = 0; index < 512; index++) {
    if (index < 148 || index >= 156) sum += header[index]!
  }
  if (sum !== readTarNumber(header, 148, 8)) throw new Error(`the tar header at byte ${offset} is damaged`)
}

function readTarNumber(header: Uint8Array, start: number, length: number): number {
  const digits = readTarText(header, start, length).trim()
  if (!/^[0-7]+$/.test(digits)) throw new Error(`a tar header contains "${digits}" instead of an octal number`)
  return Number.parseInt(digits, 8)
}

function readTarText(header: Uint8Array, start: number, length: number): string {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}
